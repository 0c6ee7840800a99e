import { CaptureError, openScreen } from './capture.ts';

/** A screen, window or tab that this page shares, with its sound where the system gives it. */
export class SharedScreen {
  stream = $state.raw<MediaStream | null>(null);
  /** It could not be had; whoever chose none is told nothing. */
  failed = $state(false);
  readonly #onTracks: () => void;

  /** `onTracks` is called when it begins and when it is over, whoever ended it. */
  constructor(onTracks: () => void) {
    this.#onTracks = onTracks;
  }

  get hasSound(): boolean {
    return (this.stream?.getAudioTracks().length ?? 0) > 0;
  }

  async start(): Promise<void> {
    this.failed = false;
    try {
      const stream = await openScreen();
      if (!stream) return;
      this.stop();
      this.stream = stream;
      for (const track of stream.getVideoTracks()) {
        // Writing before movement.
        track.contentHint = 'detail';
        // The browser's own bar has a button for it, and a window can be closed.
        track.onended = () => {
          if (this.stream === stream) this.stop();
        };
      }
      this.#onTracks();
    } catch (error) {
      if (!(error instanceof CaptureError)) throw error;
      console.info('The screen could not be shared', error);
      this.failed = true;
    }
  }

  stop(): void {
    if (!this.stream) return;
    for (const track of this.stream.getTracks()) track.stop();
    this.stream = null;
    this.#onTracks();
  }
}
