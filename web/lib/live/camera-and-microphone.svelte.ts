import {
  CaptureError,
  captureObstacle,
  listDevices,
  openCapture,
  type CaptureDevices,
  type CaptureFault,
} from './capture.ts';
import { openLevelMeter } from './level-meter.ts';

type Part = 'camera' | 'microphone';

/** The devices of a page that sends: one that is unplugged, or taken by a call, gives way to what is left. */
export class CameraAndMicrophone {
  fault = $state<CaptureFault | null>(null);
  devices = $state.raw<CaptureDevices>({ cameras: [], microphones: [] });
  cameraId = $state('');
  microphoneId = $state('');
  stream = $state.raw<MediaStream | null>(null);
  level = $state(0);
  readonly #onTracks: () => void;
  #meter: { close(): void } | null = null;
  #run = 0;
  #listening = false;

  /** `onTracks` is called when there are other tracks than before. */
  constructor(onTracks: () => void) {
    this.#onTracks = onTracks;
  }

  /** Opens both, or only what was chosen anew: the other goes on without a gap. */
  async open(only?: Part): Promise<void> {
    this.fault = captureObstacle();
    if (this.fault) return;
    this.#listen();
    const mine = (this.#run += 1);
    const before = this.stream;
    const part = before ? only : undefined;
    // Phones have one camera open at a time.
    for (const track of this.#tracksOf(before, part)) if (track.kind === 'video') track.stop();
    try {
      const opened = await openCapture({ cameraId: this.cameraId, microphoneId: this.microphoneId }, part);
      if (mine !== this.#run) return opened.getTracks().forEach((track) => track.stop());
      for (const track of this.#tracksOf(before, part)) track.stop();
      const kept = (before?.getTracks() ?? []).filter((track) => track.readyState === 'live');
      await this.#opened(new MediaStream([...kept, ...opened.getTracks()]));
    } catch (error) {
      if (mine !== this.#run) return;
      this.fault = error instanceof CaptureError ? error.fault : 'failed';
      // What is left goes on: a class without a picture is still a class.
      const left = (before?.getTracks() ?? []).filter((track) => track.readyState === 'live');
      this.stream = left.length > 0 ? new MediaStream(left) : null;
    }
  }

  #tracksOf(stream: MediaStream | null, part: Part | undefined): MediaStreamTrack[] {
    if (!stream) return [];
    if (part === 'camera') return stream.getVideoTracks();
    return part === 'microphone' ? stream.getAudioTracks() : stream.getTracks();
  }

  async #opened(stream: MediaStream): Promise<void> {
    this.fault = null;
    this.stream = stream;
    this.#meter?.close();
    this.#meter = openLevelMeter(stream, (level) => (this.level = level));
    for (const track of stream.getTracks())
      track.onended = () => {
        // The chosen one is gone: the usual one serves.
        if (!this.stream?.getTracks().includes(track)) return;
        if (track.kind === 'video') this.cameraId = '';
        else this.microphoneId = '';
        void this.open(track.kind === 'video' ? 'camera' : 'microphone');
      };
    await this.#list();
    this.#onTracks();
  }

  async #list(): Promise<void> {
    this.devices = await listDevices();
    const idOf = (track: MediaStreamTrack | undefined) => track?.getSettings().deviceId ?? '';
    this.cameraId = idOf(this.stream?.getVideoTracks()[0]);
    this.microphoneId = idOf(this.stream?.getAudioTracks()[0]);
  }

  readonly #onDevices = (): void => void this.#list();

  /** Something is plugged in or out: the lists follow. */
  #listen(): void {
    if (this.#listening) return;
    this.#listening = true;
    navigator.mediaDevices.addEventListener('devicechange', this.#onDevices);
  }

  close(): void {
    this.#run += 1;
    if (this.#listening) navigator.mediaDevices.removeEventListener('devicechange', this.#onDevices);
    this.#listening = false;
    this.#meter?.close();
    this.#meter = null;
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
  }
}
