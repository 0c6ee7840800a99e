/** How a figure is held against its target: the documents differ (D36 ≥ 90, L 四 > 90), so it belongs to the target. */
export type Operator = '>=' | '>' | '<=' | '=' | 'is';

/** A figure as two integers or one: a rate is `numerator` of `denominator`, a count has no denominator. */
export interface Figure {
  numerator: number;
  denominator: number | null;
}

/**
 * `met` · `missed` (due and not met) · `on-track` and `at-risk` (not due yet) · `no-data` (a rate of nothing) ·
 * `no-target` · `not-measured` (the hub has no room yet that records it).
 */
export type TargetState =
  'met' | 'on-track' | 'at-risk' | 'missed' | 'no-data' | 'no-target' | 'not-measured';

/** The figure in the indicator's unit; a rate in percent with two decimals; null for a rate of nothing. */
export function valueOf({ numerator, denominator }: Figure): number | null {
  if (denominator === null) return numerator;
  return denominator === 0 ? null : Math.round((numerator * 10_000) / denominator) / 100;
}

/** Compares without rounding: a rate of 89.996 % does not meet 90 though it reads so. */
export function meets({ numerator, denominator }: Figure, operator: Operator, target: number): boolean {
  const left = denominator === null ? numerator : numerator * 100;
  const right = denominator === null ? target : target * denominator;
  if (operator === '>=') return left >= right;
  if (operator === '>') return left > right;
  if (operator === '<=') return left <= right;
  return left === right;
}

/** The days by which pace is judged: counts are expected to grow evenly from `startsOn` to `dueOn`. */
export interface Pace {
  startsOn: string;
  dueOn: string;
  today: string;
}

/** How a figure stands against its target today. Pace is judged for counts only; a rate below its target is at risk. */
export function assess(figure: Figure, operator: Operator, target: number | null, pace: Pace): TargetState {
  if (target === null) return 'no-target';
  if (figure.denominator === 0) return pace.today > pace.dueOn ? 'missed' : 'no-data';
  if (meets(figure, operator, target)) return 'met';
  if (pace.today > pace.dueOn) return 'missed';
  if (figure.denominator !== null) return 'at-risk';
  return figure.numerator >= target * elapsedShare(pace) ? 'on-track' : 'at-risk';
}

/** How much of the time to the due day has passed, 0 to 1. */
function elapsedShare({ startsOn, dueOn, today }: Pace): number {
  const length = Date.parse(dueOn) - Date.parse(startsOn);
  if (length <= 0) return 1;
  return Math.min(1, Math.max(0, (Date.parse(today) - Date.parse(startsOn)) / length));
}

const WORST_FIRST: TargetState[] = ['missed', 'at-risk', 'no-data', 'on-track', 'met'];

/** A target that every county must meet by itself is as well off as the county that is worst off: a sum hides none. */
export function worstOf(states: readonly TargetState[]): TargetState {
  return WORST_FIRST.find((state) => states.includes(state)) ?? 'no-target';
}
