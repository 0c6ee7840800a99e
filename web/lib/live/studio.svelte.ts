import type { types } from 'mediasoup-client';
import type { BroadcastView, Joined, Source } from '../../../server/broadcasts/messages.ts';
import { openMediaDevice } from '#lib/player/media-device.ts';
import { WebRtcSender } from '#lib/player/webrtc-sender.ts';
import { CameraAndMicrophone } from './camera-and-microphone.svelte.ts';
import {
  FIRST_STEP,
  nextStep,
  PICTURE_STEPS,
  type PictureStepName,
  type StepState,
} from './picture-steps.ts';
import type { MediaSide, Room } from './room.svelte.ts';
import { RoomRefused } from './room-socket.ts';
import { SharedScreen } from './shared-screen.svelte.ts';
import { keepScreenOn } from './wake-lock.ts';

const LOOK_MS = 1_000;
const AGAIN_MS = 1_500;
const SILENT_LINE_LOOKS = 4;

/** `ready`: preview only. `on-air`: wants to be sent, whatever the line does. `taken-over`: another page sends. */
export type StudioState = 'ready' | 'on-air' | 'taken-over';

/** Sends a person's camera, microphone and screen into a room for as long as they are on the air there. */
export class Studio implements MediaSide {
  readonly room: Room;
  readonly capture = new CameraAndMicrophone(() => this.#sendSoon());
  readonly screen = new SharedScreen(() => this.#sendSoon());
  state = $state<StudioState>('ready');
  cameraOff = $state(false);
  muted = $state(false);
  /** Pictures leave this page and arrive. */
  sending = $state(false);
  /** How good a picture the line carries. */
  quality = $state<PictureStepName>('clear');
  /** Why the hub does not take the picture, in its words. */
  refusal = $state<string | null>(null);
  /** This browser cannot send what the room takes. */
  unsupported = $state(false);
  #sender: WebRtcSender | null = null;
  #wakeLock: { close(): void } | null = null;
  #looks: ReturnType<typeof setInterval> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #leave: () => void;
  #run = 0;
  #bytesSent = 0;
  #silentLooks = 0;
  #step: StepState = FIRST_STEP;

  constructor(room: Room) {
    this.room = room;
    this.#leave = room.addSide(this);
  }

  /** Opens camera and microphone for a preview; nothing is sent yet. */
  open(): void {
    this.#looks ??= setInterval(() => void this.#look(), LOOK_MS);
    void this.capture.open();
  }

  /** Gives everything back. It can be opened again until the room is left. */
  rest(): void {
    clearInterval(this.#looks);
    this.#looks = undefined;
    this.state = 'ready';
    this.#stopSending();
    this.#wakeLock?.close();
    this.#wakeLock = null;
    this.screen.stop();
    this.capture.close();
  }

  close(): void {
    this.rest();
    this.#leave();
  }

  goLive(): void {
    this.state = 'on-air';
    this.refusal = null;
    this.#wakeLock ??= keepScreenOn();
    this.#startSending();
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
    if (this.#sender) this.#applyPauses(this.#sender);
  }

  setCameraOff(off: boolean): void {
    this.cameraOff = off;
    if (this.#sender) this.#applyPauses(this.#sender);
  }

  /** What the hub did not hear is said again when the room is entered again. */
  #applyPauses(sender: WebRtcSender): void {
    const missed = (error: unknown) => console.info('The hub was not told of a pause', error);
    sender.setPaused('microphone', this.muted).catch(missed);
    sender.setPaused('camera', this.cameraOff).catch(missed);
  }

  onJoined(joined: Joined): void {
    if (this.state !== 'on-air') return;
    if (joined.resumed && this.#sender?.connected) return this.#sendSoon();
    this.#startSending();
  }

  onState({ state }: { state: BroadcastView['state'] }): void {
    if (state === 'ended' || state === 'replay') this.rest();
  }

  onTakenOver(): void {
    this.#stopSending();
    this.screen.stop();
    this.state = 'taken-over';
  }

  onTransportLost({ direction }: { direction: 'send' | 'recv' }): void {
    if (direction === 'send') void this.#sender?.restartIce();
  }

  #startSending(): void {
    this.#stopSending();
    const run = this.#run;
    this.#send(run).catch((error: unknown) => {
      if (run === this.#run) this.#failed(error);
    });
  }

  async #send(run: number): Promise<void> {
    const capabilities = this.room.joined?.rtpCapabilities;
    // The room's media is not open yet, or the room itself is out of reach.
    if (!capabilities) return this.#tryAgain();
    const device = await openMediaDevice(capabilities as types.RtpCapabilities);
    if (run !== this.#run) return;
    if (!device?.canProduce('video')) {
      this.unsupported = true;
      this.state = 'ready';
      return;
    }
    const say = this.room.say.bind(this.room);
    const sender = await WebRtcSender.open(device, say, () => this.#failed(new Error('the line is lost')));
    if (run !== this.#run) return sender.close();
    this.#sender = sender;
    await sender.setStep(this.#step.step);
    await this.#sendTracks(sender);
    this.refusal = null;
  }

  /** What is captured now is what is sent, as soon as there is a line. */
  #sendSoon(): void {
    const sender = this.#sender;
    if (!sender) return;
    this.#sendTracks(sender).catch((error: unknown) => {
      if (sender === this.#sender) this.#failed(error);
    });
  }

  async #sendTracks(sender: WebRtcSender): Promise<void> {
    const { stream: own } = this.capture;
    const { stream: shared } = this.screen;
    const tracks: [Source, MediaStreamTrack | undefined][] = [
      ['microphone', own?.getAudioTracks()[0]],
      ['camera', own?.getVideoTracks()[0]],
      ['screen', shared?.getVideoTracks()[0]],
      ['screen-sound', shared?.getAudioTracks()[0]],
    ];
    for (const [source, track] of tracks) {
      if (track) await sender.send(source, track);
      else if (source === 'screen' || source === 'screen-sound') await sender.stop(source);
    }
    this.#applyPauses(sender);
  }

  /** Tries again for as long as the class lasts; a lost room joins again by itself and starts anew. */
  #failed(error: unknown): void {
    console.info('The picture could not be sent', error);
    this.#stopSending();
    if (error instanceof RoomRefused) this.refusal = error.refusal.sentence;
    this.#tryAgain();
  }

  #tryAgain(): void {
    if (this.state !== 'on-air' || this.room.state !== 'in') return;
    this.#again = setTimeout(() => this.room.joinAfresh(), AGAIN_MS);
  }

  #stopSending(): void {
    this.#run += 1;
    clearTimeout(this.#again);
    this.#sender?.close();
    this.#sender = null;
    this.sending = false;
    this.#bytesSent = 0;
    this.#silentLooks = 0;
  }

  async #look(): Promise<void> {
    const sender = this.#sender;
    if (!sender) return;
    const health = await sender.health();
    if (sender !== this.#sender) return;
    this.#silentLooks = health.bytesSent > this.#bytesSent ? 0 : this.#silentLooks + 1;
    this.sending = sender.connected && this.#silentLooks < SILENT_LINE_LOOKS;
    this.#bytesSent = health.bytesSent;
    if (!this.sending || this.cameraOff) return;
    this.#step = nextStep(this.#step, health);
    this.quality = PICTURE_STEPS[this.#step.step]?.name ?? 'clear';
    await sender.setStep(this.#step.step);
  }
}
