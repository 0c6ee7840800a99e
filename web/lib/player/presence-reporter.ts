const LOOK_MS = 1_000;
/** A picture that stands still for so many looks has stopped; a shorter hitch is none of the hub's business. */
const STILL_LOOKS = 4;

/**
 * Tells the hub that the picture really plays: its clock moves and it is not paused. A first report when it begins,
 * then one each interval, and one when it stops.
 */
export class PresenceReporter {
  readonly #video: HTMLVideoElement;
  readonly #report: (playing: boolean) => void;
  readonly #intervalMs: number;
  #timer: ReturnType<typeof setInterval>;
  #lastTime = 0;
  #stillFor = 0;
  #reportedAt = 0;
  #playing = false;

  constructor(video: HTMLVideoElement, intervalSeconds: number, report: (playing: boolean) => void) {
    this.#video = video;
    this.#report = report;
    this.#intervalMs = intervalSeconds * 1000;
    this.#lastTime = video.currentTime;
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  #look(): void {
    const moved = this.#video.currentTime !== this.#lastTime;
    this.#lastTime = this.#video.currentTime;
    this.#stillFor = moved ? 0 : this.#stillFor + 1;
    const goesOn = moved || (this.#playing && this.#stillFor < STILL_LOOKS);
    const playing = goesOn && !this.#video.paused;
    const due = Date.now() - this.#reportedAt >= this.#intervalMs;
    if (playing !== this.#playing || (playing && due)) {
      this.#playing = playing;
      this.#reportedAt = Date.now();
      this.#report(playing);
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
