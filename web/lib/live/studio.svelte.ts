import type { types } from 'mediasoup-client';
import type { BroadcastView, Joined } from '../../../server/broadcasts/messages.ts';
import { openMediaDevice } from '#lib/player/media-device.ts';
import { WebRtcSender } from '#lib/player/webrtc-sender.ts';
import {
  CaptureError,
  captureObstacle,
  listDevices,
  openCapture,
  type CaptureDevices,
  type CaptureFault,
} from './capture.ts';
import { openLevelMeter } from './level-meter.ts';
import { Room, type MediaSide } from './room.svelte.ts';
import { RoomRefused } from './room-socket.ts';
import { keepScreenOn } from './wake-lock.ts';

const LOOK_MS = 1_000;
const AGAIN_MS = 1_500;
const SILENT_LINE_LOOKS = 4;

/** `ready`: preview only. `on-air`: wants to be sent, whatever the line does. `taken-over`: another page sends. */
export type StudioState = 'ready' | 'on-air' | 'taken-over';

/** The trainer's page: camera and microphone, the room, and sending one into the other for as long as the class lasts. */
export class Studio implements MediaSide {
  readonly room: Room;
  state = $state<StudioState>('ready');
  fault = $state<CaptureFault | null>(null);
  devices = $state.raw<CaptureDevices>({ cameras: [], microphones: [] });
  cameraId = $state('');
  microphoneId = $state('');
  stream = $state.raw<MediaStream | null>(null);
  level = $state(0);
  cameraOff = $state(false);
  muted = $state(false);
  /** Pictures leave this page and arrive. */
  sending = $state(false);
  /** Why the hub does not take the picture, in its words. */
  refusal = $state<string | null>(null);
  #device: types.Device | undefined;
  #sender: WebRtcSender | null = null;
  #meter: { close(): void } | null = null;
  #wakeLock: { close(): void } | null = null;
  #looks: ReturnType<typeof setInterval> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #run = 0;
  #bytesSent = 0;
  #silentLooks = 0;
  #capturing = 0;

  constructor(broadcast: BroadcastView) {
    this.room = new Room(broadcast, this);
  }

  open(): void {
    this.fault = captureObstacle();
    this.room.open();
    this.#looks = setInterval(() => void this.#look(), LOOK_MS);
    if (!this.fault) void this.capture();
  }

  close(): void {
    clearInterval(this.#looks);
    this.#stopSending();
    this.#wakeLock?.close();
    this.#releaseDevices();
    this.room.close();
  }

  /** Leaves camera and microphone to another program of this machine. */
  rest(): void {
    if (this.state !== 'on-air') this.#releaseDevices();
  }

  #releaseDevices(): void {
    this.#capturing += 1;
    this.#meter?.close();
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
  }

  /** Opens the chosen camera and microphone; on the air they take the place of the earlier ones. */
  async capture(): Promise<void> {
    const mine = (this.#capturing += 1);
    // Phones have one camera open at a time.
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    try {
      const stream = await openCapture({ cameraId: this.cameraId, microphoneId: this.microphoneId });
      if (mine !== this.#capturing) return stream.getTracks().forEach((track) => track.stop());
      await this.#captured(stream);
    } catch (error) {
      if (mine !== this.#capturing) return;
      this.stream = null;
      this.fault = error instanceof CaptureError ? error.fault : 'failed';
    }
  }

  async #captured(stream: MediaStream): Promise<void> {
    this.fault = null;
    this.stream = stream;
    this.devices = await listDevices();
    const idOf = (track: MediaStreamTrack | undefined) => track?.getSettings().deviceId ?? '';
    this.cameraId = idOf(stream.getVideoTracks()[0]);
    this.microphoneId = idOf(stream.getAudioTracks()[0]);
    this.#meter?.close();
    this.#meter = openLevelMeter(stream, (level) => (this.level = level));
    // Unplugged, or taken by a call: say so and try what is left.
    for (const track of stream.getTracks())
      track.addEventListener('ended', () => {
        if (stream === this.stream) void this.capture();
      });
    if (this.#sender) await this.#sendTracks(this.#sender);
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
    sender.setPaused('audio', this.muted).catch(missed);
    sender.setPaused('video', this.cameraOff).catch(missed);
  }

  onJoined(joined: Joined): void {
    if (this.state !== 'on-air') return;
    if (joined.resumed && this.#sender?.connected) return this.#applyPauses(this.#sender);
    this.#startSending();
  }

  onState({ state }: { state: BroadcastView['state'] }): void {
    if (state !== 'ended' && state !== 'replay') return;
    this.#stopSending();
    this.state = 'ready';
    this.#wakeLock?.close();
    this.#wakeLock = null;
    this.#releaseDevices();
  }

  onTakenOver(): void {
    this.#stopSending();
    this.state = 'taken-over';
  }

  onTransportLost(): void {
    void this.#sender?.restartIce();
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
      this.fault = 'unsupported';
      this.state = 'ready';
      return;
    }
    this.#device = device;
    const say = this.room.say.bind(this.room);
    const sender = await WebRtcSender.open(device, say, () => this.#failed(new Error('the line is lost')));
    if (run !== this.#run) return sender.close();
    this.#sender = sender;
    await this.#sendTracks(sender);
    this.refusal = null;
  }

  async #sendTracks(sender: WebRtcSender): Promise<void> {
    if (!this.#device) return;
    for (const track of this.stream?.getTracks() ?? []) await sender.send(track, this.#device);
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
    const bytes = await sender.bytesSent();
    if (sender !== this.#sender) return;
    this.#silentLooks = bytes > this.#bytesSent ? 0 : this.#silentLooks + 1;
    this.sending = sender.connected && this.#silentLooks < SILENT_LINE_LOOKS;
    this.#bytesSent = bytes;
  }
}
