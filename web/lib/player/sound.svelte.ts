import { playAloud } from './play-aloud.ts';

/** A video's sound, as the reader wants it and as far as the browser lets it. */
export class Sound {
  /** The browser plays without sound until it is touched. */
  muted = $state(false);
  /** The reader turned the sound off. */
  silent = $state(false);
  /** The browser plays nothing until it is touched. */
  refused = $state(false);

  async play(video: HTMLVideoElement): Promise<void> {
    const outcome = await playAloud(video, !this.silent);
    this.refused = outcome === 'refused';
    this.muted = outcome === 'muted' && !this.silent;
  }

  setSilent(silent: boolean, video: HTMLVideoElement): void {
    this.silent = silent;
    this.muted = false;
    video.muted = silent;
  }
}
