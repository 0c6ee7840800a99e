import { setImmediate as nextTurn } from 'node:timers/promises';
import { endOfShanghaiDay, instant } from '../platform/clock.ts';
import { regionCovers, subtreePrefix } from '../platform/access/actor.ts';
import type { Database } from '../platform/database/open.ts';
import { resolvePersons, type Evidence, type RunRow } from './rules/evidence.ts';
import { MEASURED, type Counted, type Measurement } from './rules/indicators.ts';
import { listPersonTimes, type Period } from './rules/person-times.ts';
import { listValidAnswers } from './rules/satisfaction.ts';
import { loadEvidence, loadSlice, readFreshness, type Freshness } from './store/evidence.ts';
import { listMergesOfRun, tiedBy } from './store/merges.ts';
import { listVersionedRuns } from './store/versions.ts';

/** So many programmes and days stay counted. */
const REMEMBERED = 12;
/** So many persons of a run are counted in one turn of the event loop, which also carries calls and pings. */
const PERSONS_A_TURN = 200;
/** Facts that come while counting are counted too, this often; the next question takes the rest. */
const ROUNDS = 3;

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

interface Memory {
  runs: Map<string, { version: number; counted: Counted }>;
  counted: Counted;
  running: Promise<Count> | undefined;
}

/** `asOf=D` is what was recorded before the day after D begins in Asia/Shanghai. */
export function beforeAsOf(asOf: string | null): string | null {
  return asOf === null ? null : instant(endOfShanghaiDay(asOf));
}

/**
 * Applies the rules to a programme's evidence, run by run. What was counted is remembered: a fact makes only its run
 * count again. Whoever asks while counting goes on waits for the same count.
 */
export function openCounting(db: Database) {
  const remembered = new Map<string, Memory>();

  return function count(programme: CountedProgramme, asOf: string | null): Promise<Count> {
    const key = `${programme.id} ${asOf}`;
    const memory = remembered.get(key) ?? {
      runs: new Map(),
      counted: { personTimes: [], answers: [] },
      running: undefined,
    };
    remembered.delete(key);
    remembered.set(key, memory);
    if (remembered.size > REMEMBERED) remembered.delete(remembered.keys().next().value!);
    memory.running ??= bringUpToDate(db, memory, programme, beforeAsOf(asOf)).finally(
      () => (memory.running = undefined),
    );
    return memory.running;
  };
}

async function bringUpToDate(
  db: Database,
  memory: Memory,
  programme: CountedProgramme,
  beforeIso: string | null,
): Promise<Count> {
  for (let round = 1; ; round += 1) {
    const freshness = await readFreshness(db);
    const present = await listVersionedRuns(db, programme.regionCodes.map(subtreePrefix));
    const stale = present.filter(({ run, version }) => memory.runs.get(run.runId)?.version !== version);
    if (stale.length === 0 && memory.runs.size === present.length)
      return { counted: memory.counted, freshness };
    for (const { run, version } of stale)
      memory.runs.set(run.runId, { version, counted: await countRun(db, run, programme, beforeIso) });
    const ids = new Set(present.map(({ run }) => run.runId));
    for (const id of memory.runs.keys()) if (!ids.has(id)) memory.runs.delete(id);
    memory.counted = together([...memory.runs.values()].map((one) => one.counted));
    if (round === ROUNDS) return { counted: memory.counted, freshness };
  }
}

async function countRun(
  db: Database,
  run: RunRow,
  period: Period,
  beforeIso: string | null,
): Promise<Counted> {
  const parts: Counted[] = [];
  const add = (evidence: Evidence) => {
    const personTimes = listPersonTimes(evidence, period, beforeIso);
    parts.push({ personTimes, answers: listValidAnswers(evidence, personTimes, beforeIso) });
  };
  // Whoever was ever merged is counted with those they were merged with: they may stand far apart by id.
  const merges = await listMergesOfRun(db, run.runId);
  const tied = tiedBy(merges);
  if (tied.length > 0) add(resolvePersons(await loadEvidence(db, run, tied), merges, beforeIso));
  const apart = new Set(tied);
  for (let after: string | undefined = ''; after !== undefined;) {
    const { evidence, last } = await loadSlice(db, run, { after, persons: PERSONS_A_TURN, apart });
    add(evidence);
    after = last;
    await nextTurn();
  }
  return together(parts);
}

function together(parts: readonly Counted[]): Counted {
  return {
    personTimes: parts.flatMap((part) => part.personTimes),
    answers: parts.flatMap((part) => part.answers),
  };
}

/** The part of a count that belongs to a region and everything under it. */
export function within(counted: Counted, regionCode: string): Counted {
  return {
    personTimes: counted.personTimes.filter((one) => regionCovers(regionCode, one.regionCode)),
    answers: counted.answers.filter(({ of }) => regionCovers(regionCode, of.regionCode)),
  };
}

/** What is measured of a region, by indicator code. */
export type Measurements = ReadonlyMap<string, Measurement>;

const measured = new WeakMap<Counted, Map<string, Promise<Measurements>>>();

/** Every measured indicator of a region; measured once for a count, a turn of the event loop each. */
export function measureRegion(counted: Counted, regionCode: string): Promise<Measurements> {
  const byRegion = measured.get(counted) ?? new Map<string, Promise<Measurements>>();
  measured.set(counted, byRegion);
  const known = byRegion.get(regionCode) ?? measureAll(counted, regionCode);
  byRegion.set(regionCode, known);
  return known;
}

async function measureAll(counted: Counted, regionCode: string): Promise<Measurements> {
  const part = within(counted, regionCode);
  const measurements = new Map<string, Measurement>();
  for (const [code, indicator] of MEASURED) {
    await nextTurn();
    measurements.set(code, indicator.measure(part));
  }
  return measurements;
}
