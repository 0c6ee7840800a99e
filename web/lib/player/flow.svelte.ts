/** Looks come every second: one that found the same moment as the last may be chance. */
const FLOWS_MS = 2_500;
/** What was asked for and is not there by then is late. */
const LATE_MS = 5_000;

/** Whether a video's pictures (or its sound, where that is all) really come. */
export class Flow {
  flowing = $state(false);
  /** Something came on this page. */
  seen = $state(false);
  /** The reader asked for something else to be shown, and it is still on its way. */
  asked = $state(false);
  #time = 0;
  #askedAt = 0;
  #movedAt = Date.now();

  look(video: HTMLVideoElement): void {
    const now = Date.now();
    if (video.currentTime !== this.#time) this.#movedAt = now;
    this.#time = video.currentTime;
    this.flowing = now - this.#movedAt < FLOWS_MS && video.currentTime > 0 && !video.paused;
    if (this.flowing) this.seen = true;
    if (this.flowing || now - this.#askedAt > LATE_MS) this.asked = false;
  }

  /** The first picture is there: the next look may be a second away. */
  began(): void {
    this.#movedAt = Date.now();
    this.flowing = this.seen = true;
    this.asked = false;
  }

  /** The reader wants another moment or another way: until it should be there, nothing is late. */
  ask(): void {
    this.#askedAt = this.#movedAt = Date.now();
    this.asked = true;
  }

  /** Another way of playing begins. */
  restart(): void {
    this.#movedAt = Date.now();
    this.flowing = false;
  }

  /** Something was asked for that takes its time. */
  get stillForMs(): number {
    return Date.now() - this.#movedAt;
  }

  excuse(): void {
    this.#movedAt = Date.now();
  }
}
