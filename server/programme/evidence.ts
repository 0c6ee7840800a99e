import type { Caller } from '../platform/access/actor.ts';
import type { Clock } from '../platform/clock.ts';
import { HubError } from '../platform/errors.ts';
import { pageOf, type Page } from '../platform/http/paging.ts';
import type { Identity, PersonBrief } from '../identity/service.ts';
import type { Region, Regions } from '../regions/service.ts';
import type { RunCaption, Training } from '../training/service.ts';
import { within, type Count, type CountedProgramme } from './count-figures.ts';
import { openSight, pastDay } from './indicators.ts';
import type { ProgrammeScope } from './programmes.ts';
import { MEASURED, type EvidenceLine, type MeasuredIndicator } from './rules/indicators.ts';
import { isSatisfied } from './rules/satisfaction.ts';
import { valueOf } from './rules/targets.ts';

const PAGE_SIZE = 50;

/** Which lines are shown: those that sum to the figure, or those that stand apart from it. */
export type Standing = EvidenceLine['standing'];

/** A line behind a figure. The person is masked; it counts as one. */
export interface EvidenceRow {
  person: { displayName: string; verified: boolean; homeRegionName: string | null };
  /** The runs behind the line: one, or for 人数 all that the person completed. */
  runs: {
    runId: string;
    title: string;
    regionName: string;
    form: string;
    level: string;
    occurredAt: string;
    recordedAt: string;
    attendances: { sessionTitle: string; occurredAt: string; method: string }[];
  }[];
  /** The answer's overall step where the figure is of answers: 5 很满意 … 1 很不满意. */
  overall: number | null;
  /** True when the line is in the rate's numerator. */
  satisfied: boolean | null;
  method: string | null;
}

/** The lines behind a figure, a page at a time. `total` counted lines are the figure, or its denominator. */
export interface EvidencePage extends Page<EvidenceRow> {
  indicator: string;
  region: { code: string; name: string };
  asOf: string | null;
  standing: Standing;
  rule: MeasuredIndicator['rule'];
  figure: { value: number | null; numerator: number; denominator: number | null };
}

interface EvidenceParts {
  clock: Clock;
  regions: Regions;
  identity: Pick<Identity, 'describePersons'>;
  training: Pick<Training, 'captionRuns'>;
  requireScope(id: string): Promise<ProgrammeScope>;
  count(programme: CountedProgramme, asOf: string | null): Promise<Count>;
}

/** The rows behind the figures. */
export function openEvidenceDesk({ clock, regions, identity, training, requireScope, count }: EvidenceParts) {
  const see = openSight({ regions, requireScope });

  async function showLines(lines: EvidenceLine[]): Promise<EvidenceRow[]> {
    const [persons, captions] = await Promise.all([
      identity.describePersons(lines.map((line) => line.personId)),
      training.captionRuns([...new Set(lines.flatMap((line) => line.personTimes.map((one) => one.runId)))]),
    ]);
    const places = await regions.regionsOf([
      ...[...persons.values()].map((person) => person.homeRegionCode),
      ...[...captions.values()].map((caption) => caption.regionCode),
    ]);
    return lines.map((line) => showLine(line, persons.get(line.personId), captions, places));
  }

  return {
    /** A page of the rows behind a figure, the latest first. Throws `not-found` for an indicator that is not measured. */
    async readEvidence(
      caller: Caller,
      programmeId: string,
      indicatorCode: string,
      query: { region?: string; asOf?: string; standing: Standing; page: number },
    ): Promise<EvidencePage> {
      const sight = await see(caller, programmeId, query.region);
      const indicator = MEASURED.get(indicatorCode);
      if (!indicator) throw new HubError('not-found');
      const asOf = pastDay(query.asOf, clock);
      const counted = within((await count(sight.programme, asOf)).counted, sight.region.code);
      const lines = indicator
        .lines(counted)
        .filter((line) => line.standing === query.standing)
        .toSorted(latestFirst);
      const slice = lines.slice((query.page - 1) * PAGE_SIZE, query.page * PAGE_SIZE);
      const measurement = indicator.measure(counted);
      return {
        indicator: indicator.code,
        region: { code: sight.region.code, name: sight.region.name },
        asOf,
        standing: query.standing,
        rule: indicator.rule,
        figure: {
          value: valueOf(measurement),
          numerator: measurement.numerator,
          denominator: measurement.denominator,
        },
        ...pageOf(await showLines(slice), query.page, PAGE_SIZE, lines.length),
      };
    },
  };
}

/** By code units: every key is an instant or an id, and there may be tens of thousands of lines. */
function latestFirst(a: EvidenceLine, b: EvidenceLine): number {
  const at = (line: EvidenceLine) => line.answer?.occurredAt ?? line.personTimes[0]!.occurredAt;
  return (
    inOrder(at(b), at(a)) ||
    inOrder(a.personId, b.personId) ||
    inOrder(a.personTimes[0]!.runId, b.personTimes[0]!.runId)
  );
}

function inOrder(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function showLine(
  line: EvidenceLine,
  person: PersonBrief | undefined,
  captions: ReadonlyMap<string, RunCaption>,
  places: ReadonlyMap<string, Region>,
): EvidenceRow {
  return {
    person: {
      displayName: person?.displayName ?? '***',
      verified: line.personTimes[0]!.verified,
      homeRegionName: (person && places.get(person.homeRegionCode)?.name) ?? null,
    },
    runs: line.personTimes.map((one) => {
      const caption = captions.get(one.runId);
      const sessions = new Map(caption?.sessions.map((session) => [session.id, session.title]));
      return {
        runId: one.runId,
        title: caption?.title ?? '',
        regionName: places.get(one.regionCode)?.name ?? one.regionCode,
        form: caption?.form ?? '',
        level: one.level,
        occurredAt: one.occurredAt,
        recordedAt: one.recordedAt,
        attendances: one.attendances.map(({ sessionId, occurredAt, method }) => ({
          sessionTitle: sessions.get(sessionId) ?? '',
          occurredAt,
          method,
        })),
      };
    }),
    overall: line.answer?.overall ?? null,
    satisfied: line.answer ? isSatisfied(line.answer.overall) : null,
    method: line.answer?.method ?? null,
  };
}
