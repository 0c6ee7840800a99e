import type {
  BroadcastView,
  EncoderNews,
  HealthNews,
  HubMessages,
  Joined,
  OwnPresence,
  ProducerInfo,
  RaisedHand,
  Receiving,
  StageView,
  Standing,
  StateNews,
} from '../../../server/broadcasts/messages.ts';
import type { SocketRefusal } from '../../../server/realtime/messages.ts';
import { ChatLog, type PendingMessage } from './chat-log.svelte.ts';
import { deviceId } from './device-id.ts';
import {
  openRoomSocket,
  RoomRefused,
  say,
  type Input,
  type MessageName,
  type Output,
  type RoomSocket,
} from './room-socket.ts';

/** The part of the room that carries media: a viewer or a publisher. */
export interface MediaSide {
  /** What the hub should send from the moment of joining on; it offers that with the answer. */
  wantsToReceive?(): Input<'media:receive'> | undefined;
  /** In the room, for the first time or again. Without `joined.resumed` all earlier media is void. */
  onJoined?(joined: Joined): void;
  onState?(news: StateNews): void;
  onProducerAdded?: HubMessages['media:producer-added'];
  onProducerClosed?: HubMessages['media:producer-closed'];
  onProducerPaused?: HubMessages['media:producer-paused'];
  onConsumerClosed?: HubMessages['media:consumer-closed'];
  onTransportLost?: HubMessages['media:transport-lost'];
  onTakenOver?(): void;
  onStage?(stage: StageView): void;
}

/** `out`: not let in, or no longer; `refusal` says why. */
export type RoomState = 'connecting' | 'in' | 'reconnecting' | 'out';

const JOIN_AGAIN_MS = 1_500;
/** Refusals that trying again does not mend. */
const FINAL = new Set(['auth.required', 'auth.expired', 'access.denied', 'not-found']);

/** A broadcast's room as this page is in it: state, people, chat. It joins again by itself after every drop. */
export class Room {
  state = $state<RoomState>('connecting');
  refusal = $state.raw<SocketRefusal | null>(null);
  broadcast = $state.raw<BroadcastView>() as BroadcastView;
  joined = $state.raw<Joined | null>(null);
  presence = $state.raw<OwnPresence | null>(null);
  /** Told to hosts every two seconds while something is sent. */
  health = $state.raw<HealthNews | null>(null);
  readonly chat = new ChatLog();
  /** What the host sends reaches the hub with holes: whoever watches cannot mend it. */
  hostLineWeak = $state(false);
  /** The reader's own encoder, where one pushes or pushed. */
  encoder = $state.raw<EncoderNews | null>(null);
  /** What others send in the room now. */
  producers = $state.raw<ProducerInfo[]>([]);
  stage = $state.raw<StageView | null>(null);
  /** For whoever gives the floor: who asks for it. */
  hands = $state.raw<RaisedHand[]>([]);
  /** What this account is here beside a viewer. */
  standing = $state<Standing>('none');
  /** Milliseconds that the hub's clock is ahead of this device's. */
  clockAheadMs = 0;
  readonly #sides: MediaSide[];
  #socket: RoomSocket | null = null;
  #joining = 0;
  /** What the present joining came with, for the capabilities it was asked with. */
  #offer: { rtpCapabilities: Input<'media:receive'>['rtpCapabilities']; receiving: Receiving } | undefined;
  /** What stood of the media is void: an earlier peer must not be taken up again. */
  #afresh = false;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(broadcast: BroadcastView, ...sides: MediaSide[]) {
    this.broadcast = broadcast;
    this.#sides = sides;
  }

  /** One more part of the page hears what happens. Returns the way to stop. */
  addSide(side: MediaSide): () => void {
    this.#sides.push(side);
    return () => void this.#sides.splice(this.#sides.indexOf(side), 1);
  }

  get producerIds(): string[] {
    return this.producers.map(({ producerId }) => producerId);
  }

  #tell(visit: (side: MediaSide) => void): void {
    for (const side of [...this.#sides]) visit(side);
  }

  open(): void {
    const socket = openRoomSocket();
    this.#socket = socket;
    if (socket.connected) this.#join();
    socket.on('connect', () => this.#join());
    socket.on('disconnect', () => {
      if (this.state !== 'out') this.state = 'reconnecting';
    });
    socket.on('session:ended', (refusal) => this.#leave(refusal));
    socket.on('broadcast:state', (news) => {
      this.broadcast = { ...this.broadcast, ...news };
      if (news.state !== 'live') {
        this.health = null;
        this.hostLineWeak = false;
      }
      this.#tell((side) => side.onState?.(news));
    });
    socket.on('broadcast:health', (health) => (this.health = health));
    socket.on('broadcast:host-line', ({ weak }) => (this.hostLineWeak = weak));
    socket.on('broadcast:viewers', ({ viewers }) => (this.broadcast = { ...this.broadcast, viewers }));
    socket.on('broadcast:encoder', (news) => (this.encoder = news));
    socket.on('chat:message', (message) => {
      if (!this.chat.add([message])) void this.#fetchMissed();
    });
    socket.on('media:worker-died', () => this.joinAfresh());
    socket.on('media:producer-added', (producer) => {
      // Nobody listens to themselves.
      if (producer.peerId === this.joined?.peerId) return;
      this.producers = [...this.producers, producer];
      this.#tell((side) => side.onProducerAdded?.(producer));
    });
    socket.on('media:producer-closed', (news) => {
      this.producers = this.producers.filter(({ producerId }) => producerId !== news.producerId);
      this.#tell((side) => side.onProducerClosed?.(news));
    });
    socket.on('media:producer-paused', (news) => this.#tell((side) => side.onProducerPaused?.(news)));
    socket.on('media:consumer-closed', (news) => this.#tell((side) => side.onConsumerClosed?.(news)));
    socket.on('media:transport-lost', (news) => this.#tell((side) => side.onTransportLost?.(news)));
    socket.on('media:taken-over', () => this.#tell((side) => side.onTakenOver?.()));
    socket.on('stage:changed', (stage) => this.#staged(stage));
    socket.on('stage:hands', (hands) => (this.hands = hands));
    socket.on('stage:standing', ({ standing }) => (this.standing = standing));
  }

  #staged(stage: StageView): void {
    this.stage = stage;
    this.#tell((side) => side.onStage?.(stage));
  }

  close(): void {
    clearTimeout(this.#retry);
    this.#joining += 1;
    this.#socket?.disconnect();
    this.#socket = null;
  }

  /** The network changed: the old connection may be dead for half a minute before anyone notices. It is made anew at once. */
  reconnect(): void {
    this.#socket?.io.engine?.close();
  }

  /** What the hub offered with the last joining: once, and only to whom it was asked for. */
  takeOffer(rtpCapabilities: Input<'media:receive'>['rtpCapabilities']): Receiving | undefined {
    if (this.#offer?.rtpCapabilities !== rtpCapabilities) return undefined;
    const { receiving } = this.#offer;
    this.#offer = undefined;
    return receiving;
  }

  say<Name extends MessageName>(name: Name, input: Input<Name>): Promise<Output<Name>> {
    if (!this.#socket) return Promise.reject(new Error(`${name} after the room was left`));
    return say(this.#socket, name, input);
  }

  /** Joins again with new media: what stood is void or missing. */
  joinAfresh(): void {
    this.#afresh = true;
    this.#join();
  }

  /** A later call makes an earlier one void. */
  #join(): void {
    clearTimeout(this.#retry);
    const mine = (this.#joining += 1);
    this.#offer = undefined;
    const wish = this.#sides.map((side) => side.wantsToReceive?.()).find(Boolean);
    this.#enter(wish).then(
      (joined) => {
        if (mine === this.#joining) this.#entered(joined, wish);
      },
      (error: unknown) => {
        if (mine === this.#joining) this.#notEntered(error);
      },
    );
  }

  async #enter(receive: Input<'media:receive'> | undefined): Promise<Joined> {
    return this.say('broadcast:join', {
      broadcastId: this.broadcast.id,
      deviceId: deviceId(),
      lastChatSeq: this.chat.lastSeq,
      resumePeerId: this.#afresh ? undefined : this.joined?.peerId,
      receive,
    });
  }

  #entered(joined: Joined, wish: Input<'media:receive'> | undefined): void {
    const { receiving } = joined;
    this.#afresh = false;
    this.joined = joined;
    this.#offer = wish && receiving ? { rtpCapabilities: wish.rtpCapabilities, receiving } : undefined;
    // What was told meanwhile was not heard; where it is weak it is told again every two seconds.
    this.hostLineWeak = false;
    this.producers = joined.producers.filter(({ peerId }) => peerId !== joined.peerId);
    this.hands = joined.hands;
    this.clockAheadMs = Date.parse(joined.hubTime) - Date.now();
    this.broadcast = joined.broadcast;
    this.refusal = null;
    this.state = 'in';
    this.chat.add(joined.chat.messages);
    if (joined.chat.more) void this.#fetchMissed();
    for (const message of this.chat.pending) void this.#send(message);
    this.#staged(joined.stage);
    this.standing = joined.standing;
    this.#tell((side) => side.onJoined?.(joined));
  }

  #notEntered(error: unknown): void {
    if (error instanceof RoomRefused && FINAL.has(error.refusal.code)) return this.#leave(error.refusal);
    if (this.state === 'in') this.state = 'reconnecting';
    if (this.#socket?.connected) this.#retry = setTimeout(() => this.#join(), JOIN_AGAIN_MS);
  }

  #leave(refusal: SocketRefusal): void {
    this.refusal = refusal;
    this.state = 'out';
    this.close();
  }

  /** Says something in the room; what cannot be said now is said after the next joining, once. */
  async speak(body: string): Promise<void> {
    await this.#send(this.chat.draft(body));
  }

  async sendAgain(message: PendingMessage): Promise<void> {
    message.failed = null;
    await this.#send(message);
  }

  async #send(message: PendingMessage): Promise<void> {
    try {
      const stored = await this.say('chat:send', { clientId: message.clientId, body: message.body });
      if (!this.chat.add([stored])) await this.#fetchMissed();
    } catch (error) {
      if (error instanceof RoomRefused) message.failed = error.refusal.sentence;
    }
  }

  /** Everything after the last number held without a hole comes from the database. */
  async #fetchMissed(): Promise<void> {
    const seqs = this.chat.messages.map(({ seq }) => seq);
    const hole = seqs.findIndex((seq, index) => index > 0 && seq !== seqs[index - 1]! + 1);
    let from = hole > 0 ? seqs[hole - 1]! : (this.chat.lastSeq ?? 0);
    try {
      for (let more = true; more;) {
        const page = await this.say('chat:since', { seq: from });
        this.chat.add(page.messages);
        from = page.messages.at(-1)?.seq ?? from;
        more = page.more;
      }
    } catch (error) {
      // Lost again: the next joining asks for the same.
      if (error instanceof RoomRefused) console.warn(error.refusal.sentence);
    }
  }

  /** Reports whether the picture really plays, and keeps what the hub counts. */
  async reportPresence(playing: boolean): Promise<void> {
    try {
      this.presence = await this.say('presence:ping', { playing });
    } catch (error) {
      if (error instanceof RoomRefused) console.warn(error.refusal.sentence);
    }
  }
}
