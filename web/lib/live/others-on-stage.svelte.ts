import type { types } from 'mediasoup-client';
import type { Joined } from '../../../server/broadcasts/messages.ts';
import { openMediaDevice } from '#lib/player/media-device.ts';
import { WebRtcReceiver } from '#lib/player/webrtc-receiver.ts';
import type { MediaSide, Room } from './room.svelte.ts';
import { StagePictures } from './stage-pictures.svelte.ts';

const AGAIN_MS = 1_500;

/** Lets whoever is on the air see and hear the others who are: only while there are some. */
export class OthersOnStage implements MediaSide {
  readonly pictures: StagePictures;
  /** The sound of all of them; null while nobody else is on the air. */
  sound = $state.raw<MediaStream | null>(null);
  readonly #room: Room;
  readonly #leave: () => void;
  #receiver: WebRtcReceiver | null = null;
  #again: ReturnType<typeof setTimeout> | undefined;
  #run = 0;

  constructor(room: Room) {
    this.#room = room;
    this.#leave = room.addSide(this);
    this.pictures = new StagePictures(room, { all: true });
  }

  onJoined(joined: Joined): void {
    if (joined.resumed && this.#receiver?.connected) return this.#match();
    this.#stop();
    this.#match();
  }

  /** Whose a new producer is comes with the stage. */
  onStage(): void {
    this.#match();
  }

  onProducerClosed({ producerId }: { producerId: string }): void {
    this.#receiver?.remove(producerId);
    if (this.#wanted.length === 0) this.#stop();
  }

  onConsumerClosed({ producerId }: { producerId: string }): void {
    this.#receiver?.remove(producerId);
  }

  onTransportLost({ direction }: { direction: 'send' | 'recv' }): void {
    if (direction === 'recv') void this.#receiver?.restartIce();
  }

  onState({ state }: { state: string }): void {
    if (state === 'ended' || state === 'replay') this.#stop();
  }

  /** What others publish: one's own encoder or other device is not among them. */
  get #wanted(): string[] {
    const people = this.#room.stage?.people ?? [];
    const others = people.filter(({ accountId }) => accountId !== this.#room.joined?.accountId);
    const peerIds = others.flatMap((person) => person.peerIds);
    return this.#room.producers
      .filter(({ peerId }) => peerIds.includes(peerId))
      .map(({ producerId }) => producerId);
  }

  #match(): void {
    if (this.#wanted.length === 0) return;
    if (this.#receiver) return this.#receiveAll(this.#receiver);
    const run = (this.#run += 1);
    this.#open(run).catch((error: unknown) => {
      if (run === this.#run) this.#failed(error);
    });
  }

  async #open(run: number): Promise<void> {
    const capabilities = this.#room.joined?.rtpCapabilities;
    const device = capabilities && (await openMediaDevice(capabilities as types.RtpCapabilities));
    if (!device || run !== this.#run) return;
    const say = this.#room.say.bind(this.#room);
    const receiver = await WebRtcReceiver.open(device, say, () =>
      this.#failed(new Error('the line is lost')),
    );
    if (run !== this.#run) return receiver.close();
    this.#receiver = receiver;
    this.pictures.attach(receiver);
    this.sound = receiver.stream;
    this.#receiveAll(receiver);
  }

  #receiveAll(receiver: WebRtcReceiver): void {
    for (const producerId of this.#wanted) {
      if (receiver.producerIds.includes(producerId)) continue;
      receiver.add(producerId).catch((error: unknown) => {
        // It may have ended while it was asked for.
        if (this.#room.producerIds.includes(producerId) && receiver === this.#receiver) this.#failed(error);
      });
    }
  }

  #failed(error: unknown): void {
    console.info('The others on stage could not be received', error);
    this.#stop();
    this.#again = setTimeout(() => this.#match(), AGAIN_MS);
  }

  #stop(): void {
    this.#run += 1;
    clearTimeout(this.#again);
    this.pictures.attach(null);
    this.#receiver?.close();
    this.#receiver = null;
    this.sound = null;
  }

  close(): void {
    this.#stop();
    this.#leave();
  }
}
