import { endOfShanghaiDay, instant } from '../platform/clock.ts';
import { regionCovers, subtreePrefix } from '../platform/access/actor.ts';
import type { Database } from '../platform/database/open.ts';
import type { Counted } from './rules/indicators.ts';
import { listPersonTimes, type Period } from './rules/person-times.ts';
import { listValidAnswers } from './rules/satisfaction.ts';
import { loadEvidence, readFreshness, type Freshness } from './store/evidence.ts';

const REMEMBERED = 24;

/** A programme as counting needs it. */
export interface CountedProgramme extends Period {
  id: string;
  regionCodes: string[];
}

/** Everything a programme's figures are made from, and how fresh it is. */
export interface Count {
  counted: Counted;
  freshness: Freshness | null;
}

/** `asOf=D` is what was recorded before the day after D begins in Asia/Shanghai. */
export function beforeAsOf(asOf: string | null): string | null {
  return asOf === null ? null : instant(endOfShanghaiDay(asOf));
}

/**
 * Applies the rules to a programme's evidence. What was counted is remembered until another fact is applied, so that an
 * open page asks for little.
 */
export function openCounting(db: Database) {
  const remembered = new Map<string, Counted>();

  return async function count(programme: CountedProgramme, asOf: string | null): Promise<Count> {
    const freshness = await readFreshness(db);
    const key = [programme.id, asOf, freshness?.seq, freshness?.appliedAt].join(' ');
    let counted = remembered.get(key);
    if (!counted) {
      counted = await countFresh(db, programme, asOf);
      remembered.set(key, counted);
      if (remembered.size > REMEMBERED) remembered.delete(remembered.keys().next().value!);
    }
    return { counted, freshness };
  };
}

async function countFresh(db: Database, programme: CountedProgramme, asOf: string | null): Promise<Counted> {
  const before = beforeAsOf(asOf);
  const evidence = await loadEvidence(db, programme.regionCodes.map(subtreePrefix));
  const personTimes = listPersonTimes(evidence, programme, before);
  return { personTimes, answers: listValidAnswers(evidence, personTimes, before) };
}

/** The part of a count that belongs to a region and everything under it. */
export function within(counted: Counted, regionCode: string): Counted {
  return {
    personTimes: counted.personTimes.filter((one) => regionCovers(regionCode, one.regionCode)),
    answers: counted.answers.filter(({ of }) => regionCovers(regionCode, of.regionCode)),
  };
}
