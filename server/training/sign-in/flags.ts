import { shanghaiDay } from '../../platform/clock.ts';
import type { HeldCategory } from '../ports.ts';
import type { FlagRow } from '../store/signings.ts';

/** What is odd about someone's attendance of a session. `amount` is minutes, people or metres, by the kind. */
export interface FlagView {
  kind: FlagRow['kind'] | 'category-began-later';
  amount: number | null;
}

/**
 * True when a person belongs to one of the categories a run is held for, but to none of them yet on the session's day
 * (Asia/Shanghai): whoever became 脱贫人口 in May was not trained as one in April.
 */
export function beganLater(
  runAudiences: readonly string[],
  held: readonly HeldCategory[],
  startsAt: string,
): boolean {
  const day = shanghaiDay(Date.parse(startsAt));
  const relevant = held.filter(({ name }) => runAudiences.includes(name));
  return relevant.length > 0 && relevant.every(({ since }) => since !== null && since > day);
}

/** The flags that were raised, and what follows from the categories as they are known now. */
export function flagsOf(raised: readonly FlagRow[], isLater: boolean): FlagView[] {
  const flags = raised.map(({ kind, amount }): FlagView => ({ kind, amount }));
  return isLater ? [...flags, { kind: 'category-began-later', amount: null }] : flags;
}
