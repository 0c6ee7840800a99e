/** How far apart the keyframes of each publisher's picture are: viewers, HLS and the recording all wait for one. */
export class KeyframeIntervals {
  readonly #last = new Map<string, { atMs: number; intervalMs: number | null }>();

  note(producerId: string, atMs: number): void {
    const before = this.#last.get(producerId);
    this.#last.set(producerId, { atMs, intervalMs: before ? atMs - before.atMs : null });
  }

  /** The last interval, or the running one where that is longer already; null before the second keyframe. */
  of(producerId: string, nowMs: number): number | null {
    const last = this.#last.get(producerId);
    if (!last || last.intervalMs === null) return null;
    return Math.max(last.intervalMs, nowMs - last.atMs);
  }

  forget(producerId: string): void {
    this.#last.delete(producerId);
  }
}
