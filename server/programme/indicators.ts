import { regionCovers, type Caller } from '../platform/access/actor.ts';
import { ensureMay } from '../platform/access/decide.ts';
import { shanghaiDay, type Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/open.ts';
import { fieldError } from '../platform/errors.ts';
import type { Regions } from '../regions/service.ts';
import { INDICATORS, type CatalogueIndicator } from './catalogue.ts';
import { measureRegion, type Count, type CountedProgramme, type Measurements } from './count-figures.ts';
import type { Place, ProgrammeScope } from './programmes.ts';
import { MEASURED, type MeasuredIndicator, type Measurement } from './rules/indicators.ts';
import { assess, valueOf, worstOf, type Operator, type TargetState } from './rules/targets.ts';
import { readFreshness, type Freshness } from './store/evidence.ts';
import type { TargetRow } from './store/programmes.ts';

/** A figure as it is shown. A rate has numerator and denominator, a count has its value only. */
export interface ShownFigure {
  value: number | null;
  numerator: number | null;
  denominator: number | null;
  /** Of people whose identity is not verified: within 人次, apart from 人数. */
  unverified: number;
  /** Would count but for a day outside the programme's period. */
  outsidePeriod: number;
  /** Whom the survey was put to; null where the figure is not of answers. */
  attendees: number | null;
}

/** A county's own figure, beside the others of its prefecture. */
export interface CountyFigure extends ShownFigure {
  county: Place;
  target: number | null;
  state: TargetState;
}

/** An indicator of a programme in a region. */
export interface ShownIndicator extends CatalogueIndicator {
  /** Null while the hub has no room that records it. */
  figure: ShownFigure | null;
  target: {
    /** What this region has to reach; null where nothing is set for it alone, or the document cannot be read. */
    value: number | null;
    operator: Operator;
    scope: TargetRow['scope'];
    clause: string;
    note: string | null;
    dueOn: string;
  } | null;
  state: TargetState;
  /** Of a target that each county must meet: how many of them do. Null for one county. */
  countiesMeeting: { met: number; of: number } | null;
  rule: MeasuredIndicator['rule'] | null;
  evidence: string | null;
  counties: CountyFigure[] | null;
}

/** All indicators of a programme in a region. `asOf` null is now. */
export interface IndicatorPage {
  programme: { id: string; name: string; startsOn: string; endsOn: string };
  region: Place;
  asOf: string | null;
  freshness: Freshness | null;
  indicators: ShownIndicator[];
}

interface IndicatorParts {
  db: Database;
  clock: Clock;
  regions: Regions;
  requireScope(id: string): Promise<ProgrammeScope>;
  count(programme: CountedProgramme, asOf: string | null): Promise<Count>;
}

/** A programme, the region that is asked for, and the counties in it. */
export interface Sight {
  scope: ProgrammeScope;
  region: Place;
  counties: Place[];
  programme: CountedProgramme;
}

/** Finds what is asked for and whether the caller may see it: officials see their region and what lies under it. */
export function openSight({ regions, requireScope }: Pick<IndicatorParts, 'regions' | 'requireScope'>) {
  return async function see(caller: Caller, programmeId: string, regionCode?: string): Promise<Sight> {
    if (regionCode !== undefined) ensureMay(caller, 'indicator.read', { regionCode });
    const scope = await requireScope(programmeId);
    const asked = regionCode ?? scope.region.code;
    ensureMay(caller, 'indicator.read', { regionCode: asked });
    const region = await regions.requireRegion(asked, 'region');
    const inside = scope.regionCodes.some((code) => regionCovers(code, asked));
    const counties = scope.counties.filter((county) => regionCovers(asked, county.code));
    if (!inside && counties.length === 0)
      throw fieldError('region', 'outside', 'The programme is not carried out there');
    const { id, startsOn, endsOn } = scope.row;
    return {
      scope,
      region: { code: region.code, name: region.name, level: region.level },
      counties,
      programme: { id, startsOn, endsOn, regionCodes: scope.regionCodes },
    };
  };
}

/** The day asked for, null for now. A day that has not begun in Asia/Shanghai has no figures, and no target is missed on it. */
export function pastDay(asOf: string | undefined, clock: Clock): string | null {
  if (asOf === undefined) return null;
  if (asOf > shanghaiDay(clock.now()))
    throw fieldError('asOf', 'in-future', 'asOf must not be after today in Asia/Shanghai');
  return asOf;
}

/** The figures of a programme, each beside its target. */
export function openIndicators({ db, clock, regions, requireScope, count }: IndicatorParts) {
  const see = openSight({ regions, requireScope });

  return {
    /**
     * Each indicator of the programme in a region (the programme's own by default), as known at the end of day `asOf` in
     * Asia/Shanghai. For a region of several counties they stand side by side.
     */
    async readIndicators(
      caller: Caller,
      programmeId: string,
      query: { region?: string; asOf?: string },
    ): Promise<IndicatorPage> {
      const sight = await see(caller, programmeId, query.region);
      const asOf = pastDay(query.asOf, clock);
      const { counted, freshness } = await count(sight.programme, asOf);
      const measurements = new Map<string, Measurements>();
      for (const { code } of [sight.region, ...sight.counties])
        measurements.set(code, await measureRegion(counted, code));
      const today = asOf ?? shanghaiDay(clock.now());
      const { id, name, startsOn, endsOn } = sight.scope.row;
      const targets = new Map(sight.scope.targets.map((target) => [target.indicatorCode, target]));
      return {
        programme: { id, name, startsOn, endsOn },
        region: sight.region,
        asOf,
        freshness,
        indicators: INDICATORS.filter(({ code }) => targets.has(code) || MEASURED.has(code)).map(
          (indicator) =>
            showIndicator(indicator, targets.get(indicator.code), sight, measurements, { asOf, today }),
        ),
      };
    },

    /** How fresh the figures are: a page that is open asks for this and for the rest only when it has changed. */
    async readFreshness(
      caller: Caller,
      programmeId: string,
      region?: string,
    ): Promise<{ freshness: Freshness | null }> {
      await see(caller, programmeId, region);
      return { freshness: await readFreshness(db) };
    },
  };
}

function showIndicator(
  indicator: CatalogueIndicator,
  target: TargetRow | undefined,
  sight: Sight,
  measurements: ReadonlyMap<string, Measurements>,
  { asOf, today }: { asOf: string | null; today: string },
): ShownIndicator {
  const measured = MEASURED.get(indicator.code);
  const several = sight.counties.length > 1;
  const judge = (measurement: Measurement, value: number | null): TargetState =>
    target
      ? assess(measurement, target.operator, value, {
          startsOn: sight.programme.startsOn,
          dueOn: target.dueOn,
          today,
        })
      : 'no-target';
  const whole = measurements.get(sight.region.code)?.get(indicator.code);
  const counties =
    !measured || !several
      ? null
      : sight.counties.map((county): CountyFigure => {
          const measurement = measurements.get(county.code)!.get(indicator.code)!;
          const value = target ? targetOfCounty(target, county.code) : null;
          return { county, ...shown(measurement), target: value, state: judge(measurement, value) };
        });
  const own = target ? targetOfRegion(target, sight) : null;
  const byCounty = counties && target && target.scope !== 'whole' ? counties : null;
  const query = new URLSearchParams({ region: sight.region.code, ...(asOf === null ? {} : { asOf }) });
  return {
    ...indicator,
    figure: whole ? shown(whole) : null,
    target: target
      ? {
          value: own,
          operator: target.operator,
          scope: target.scope,
          clause: target.clause,
          note: target.note,
          dueOn: target.dueOn,
        }
      : null,
    state: !whole ? 'not-measured' : byCounty ? worstOf(byCounty.map((one) => one.state)) : judge(whole, own),
    countiesMeeting: byCounty && {
      met: byCounty.filter((one) => one.state === 'met').length,
      of: byCounty.length,
    },
    rule: measured?.rule ?? null,
    evidence: measured
      ? `/api/programmes/${sight.programme.id}/indicators/${indicator.code}/evidence?${query.toString()}`
      : null,
    counties,
  };
}

/** What the region itself has to reach: a township has no target, and one for the whole does not bind a part of it. */
function targetOfRegion(target: TargetRow, { scope, region, counties }: Sight): number | null {
  const [only] = counties;
  if (target.scope === 'whole') return counties.length === scope.counties.length ? target.value : null;
  if (counties.length === 1 && only?.code === region.code) return targetOfCounty(target, region.code);
  return counties.length > 1 && target.scope === 'each-county' ? target.value : null;
}

function targetOfCounty(target: TargetRow, countyCode: string): number | null {
  if (target.scope === 'whole') return null;
  return target.scope === 'by-county' ? (target.valueByCounty?.[countyCode] ?? null) : target.value;
}

function shown(measurement: Measurement): ShownFigure {
  const { numerator, denominator, unverified, outsidePeriod, attendees } = measurement;
  const isRate = denominator !== null;
  return {
    value: valueOf(measurement),
    numerator: isRate ? numerator : null,
    denominator,
    unverified,
    outsidePeriod,
    attendees,
  };
}
