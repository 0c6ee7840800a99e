/** A stretch of a recording in seconds, `from` included and `to` not. */
export type Span = readonly [from: number, to: number];

/** The union: sorted, disjoint, none empty. Whatever is covered twice is covered once. */
export function unionOf(spans: readonly Span[]): Span[] {
  const sorted = spans.filter(([from, to]) => to > from).toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  const merged: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** Seconds that are covered. */
export function coveredSeconds(spans: readonly Span[]): number {
  return unionOf(spans).reduce((sum, [from, to]) => sum + to - from, 0);
}

/** What of `spans` lies within `[0, lengthSeconds)`. */
export function clipTo(spans: readonly Span[], lengthSeconds: number): Span[] {
  return unionOf(spans.map(([from, to]): Span => [Math.max(0, from), Math.min(lengthSeconds, to)]));
}

/** What of `spans` is not in `known`. */
export function without(spans: readonly Span[], known: readonly Span[]): Span[] {
  const taken = unionOf(known);
  return unionOf(spans).flatMap(([from, to]) => {
    const left: Span[] = [];
    let at = from;
    for (const [begins, ends] of taken) {
      if (ends <= at || begins >= to) continue;
      if (begins > at) left.push([at, begins]);
      at = Math.max(at, ends);
    }
    if (at < to) left.push([at, to]);
    return left;
  });
}

/**
 * The share that was seen, in whole percent, rounded down: 100 only when nothing is missing.
 * `toleranceSeconds` are forgiven in all, for what a player skips at joins and at the end.
 */
export function seenPercent(spans: readonly Span[], lengthSeconds: number, toleranceSeconds = 2): number {
  if (lengthSeconds <= 0) return 0;
  const seen = coveredSeconds(clipTo(spans, lengthSeconds));
  if (seen === 0) return 0;
  const missing = lengthSeconds - seen;
  return missing <= Math.min(toleranceSeconds, lengthSeconds / 10)
    ? 100
    : Math.floor((seen * 100) / lengthSeconds);
}

/** The fastest that a player plays. */
export const FASTEST_RATE = 2;

/**
 * What a player's report is worth: of `reported`, in its order, no more seconds than could have been played in the
 * wall time since the last report. A script cannot claim an hour in a second.
 */
export function believable(
  reported: readonly Span[],
  since: { wallSeconds: number; graceSeconds: number },
): Span[] {
  let budget = Math.max(0, since.wallSeconds + since.graceSeconds) * FASTEST_RATE;
  const believed: Span[] = [];
  for (const [from, to] of reported) {
    if (!(to > from) || budget <= 0) continue;
    const end = Math.min(to, from + budget);
    budget -= end - from;
    believed.push([from, end]);
  }
  return unionOf(believed);
}
