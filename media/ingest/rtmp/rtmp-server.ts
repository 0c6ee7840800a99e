import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import logger from 'node-media-server/src/core/logger.js';
import type { MediaLog } from '../../contract.ts';
import { MediaError } from '../../errors.ts';
import type { EncoderAdmission, EncoderGate } from './contract.ts';
import { refusalOf } from './encoder-rules.ts';
import { EncoderWatch } from './encoder-watch.ts';
import type { EncoderFeed } from './encoder-feed.ts';
import { RtmpSession } from './session.ts';
import { WaitingRoom } from './waiting-room.ts';

/** How often what is seen of an encoder is told, and how soon when advice changes. */
const TELL_MS = 2000;
const LOOK_MS = 250;
const MOST_CONNECTIONS = 200;

export interface RtmpServerOptions {
  host: string;
  /** 0: any free port. */
  port: number;
  log: MediaLog;
  /** Opens the way into the broadcast; throws where it is not open. `onClosed`: the broadcast let go of it. */
  openFeed: (admission: EncoderAdmission, onClosed: () => void) => EncoderFeed;
}

/**
 * Encoders come in here. The protocol is node-media-server's; its server is not used, because it keeps streams of the
 * whole process, lets anyone play them and holds a dropped encoder's place for 30 s.
 */
export class RtmpServer {
  readonly #server: Server;
  readonly #options: RtmpServerOptions;
  readonly #sessions = new Set<RtmpSession>();
  readonly #waiting = new WaitingRoom<RtmpSession>();
  readonly #closers = new Map<string, (code: string, description: string) => void>();
  #gate: EncoderGate | null = null;

  /** Throws `rtmp-port-busy`. */
  static async open(options: RtmpServerOptions): Promise<RtmpServer> {
    // It prints what it does not understand.
    logger.log = (message) => options.log('info', `rtmp: ${message}`);
    const server = new RtmpServer(options);
    await server.#listen();
    return server;
  }

  private constructor(options: RtmpServerOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#accept(socket));
    this.#server.maxConnections = MOST_CONNECTIONS;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? 0;
  }

  /** Until then every key is refused. */
  admitBy(gate: EncoderGate): void {
    this.#gate = gate;
  }

  /** Ends the connection of an encoder that was admitted as that peer. Unknown peers are fine. */
  disconnect(peerId: string, description: string): void {
    this.#closers.get(peerId)?.('NetStream.Publish.Rejected', description);
  }

  async close(): Promise<void> {
    for (const session of this.#sessions) session.close('NetConnection.Connect.Closed', 'The hub stops');
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #listen(): Promise<void> {
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => {
        const busy = error.code === 'EADDRINUSE' || error.code === 'EACCES';
        const mend = 'stop what holds it, or set RTMP_PORT to another port (off: no encoders by RTMP)';
        const message = `encoders cannot be received on ${host}:${port} (${error.code}): ${mend}`;
        reject(busy ? new MediaError('rtmp-port-busy', message, { cause: error }) : error);
      });
      this.#server.listen(port, host, resolve);
    });
  }

  #openFeed(admission: EncoderAdmission, session: RtmpSession): EncoderFeed | null {
    try {
      return this.#options.openFeed(admission, () =>
        session.close('NetStream.Publish.Rejected', 'The broadcast is over or goes on from elsewhere'),
      );
    } catch (error) {
      this.#options.log('warn', 'an admitted encoder found no broadcast', { error: String(error) });
      return null;
    }
  }

  #accept(socket: Socket): void {
    const watch = new EncoderWatch();
    let admission: EncoderAdmission | null = null;
    let feed: EncoderFeed | null = null;
    let timer: NodeJS.Timeout | null = null;
    let told = '';
    let lookedAt = 0;
    let over = false;

    const look = (now: number, always: boolean) => {
      if (!always && now - lookedAt < LOOK_MS) return;
      lookedAt = now;
      const state = watch.state(now, { encodedAnew: feed?.encodesAnew ?? false });
      const advice = JSON.stringify(state.advice);
      if (admission && (always || advice !== told)) this.#gate?.seen(admission, state);
      told = advice;
      const refusal = refusalOf(state.facts);
      if (refusal !== null) session.close('NetStream.Publish.Rejected', refusal);
    };

    const session: RtmpSession = new RtmpSession(socket, {
      onPublish: async (streamKey) => {
        const admitted = await this.#gate?.admit({ streamKey, address: session.address });
        if (!admitted) return false;
        // It may have hung up while it was asked about.
        feed = over ? null : this.#openFeed(admitted, session);
        if (!feed) {
          this.#gate?.gone(admitted);
          return false;
        }
        admission = admitted;
        this.#waiting.leave(session);
        this.#closers.set(admitted.peerId, (...why) => session.close(...why));
        timer = setInterval(() => look(Date.now(), true), TELL_MS);
        return true;
      },
      onTag: (tag) => {
        const now = Date.now();
        watch.take(tag, now);
        look(now, false);
        feed?.take(tag, now);
      },
      onEnd: (fault) => {
        over = true;
        this.#sessions.delete(session);
        this.#waiting.leave(session);
        if (timer) clearInterval(timer);
        if (fault !== null)
          this.#options.log('info', 'an encoder was cut off', { address: session.address, fault });
        if (!admission || !feed) return;
        this.#closers.delete(admission.peerId);
        const gone = admission;
        feed
          .close()
          .catch((error: unknown) => {
            this.#options.log('error', "an encoder's relay could not be closed", { error: String(error) });
          })
          .finally(() => this.#gate?.gone(gone));
      },
    });
    this.#sessions.add(session);
    this.#waiting.enter(session);
  }
}
