import reference from '../../drizzle/reference/catalogue.json' with { type: 'json' };
import type { Operator } from './rules/targets.ts';

/** An indicator as the catalogue names it. */
export interface CatalogueIndicator {
  code: string;
  name: string;
  unit: string;
}

/** A target as its document states it; see `drizzle/schema/programme.ts` for the scopes. */
export interface CatalogueTarget {
  indicatorCode: string;
  scope: 'whole' | 'each-county' | 'by-county';
  value: number | null;
  valueByCounty: Record<string, number> | null;
  operator: Operator;
  clause: string;
  note: string | null;
  dueOn: string;
}

/** A programme of the catalogue with its targets, ready to be copied. Days are `YYYY-MM-DD`; `startsOn` may be unknown. */
export interface CatalogueProgramme {
  id: string;
  name: string;
  document: string;
  regions: string[];
  startsOn: string | null;
  endsOn: string;
  stages: { name: string; startsOn: string | null; endsOn: string }[];
  targets: CatalogueTarget[];
}

interface TargetEntry {
  programme: string;
  perCounty?: number | boolean;
  byRegion?: Record<string, number>;
  value?: number | boolean | null;
  region?: string;
  scope?: string;
  op: string;
  clause: string;
  note?: string;
  due: string;
}

/** No document sets a target for 人数; it is shown beside 人次, from the same rows. */
const PERSONS: CatalogueIndicator = { code: 'training.persons', name: '培训人数', unit: '人' };

/** The indicators in the catalogue's order, 人数 after 人次. */
export const INDICATORS: readonly CatalogueIndicator[] = reference.indicators.flatMap((one) => {
  const indicator = { code: one.code, name: one.name, unit: one.unit };
  return one.code === 'training.personTimes' ? [indicator, PERSONS] : [indicator];
});

/** The programmes that an administrator may copy. */
export const CATALOGUE: readonly CatalogueProgramme[] = reference.programmes.map((one) => ({
  id: one.id,
  name: one.name,
  document: one.document,
  regions: one.regions,
  startsOn: one.period.start,
  endsOn: one.period.end,
  stages: (one.stages ?? []).map(({ name, start, end }) => ({ name, startsOn: start, endsOn: end })),
  targets: reference.indicators.flatMap((indicator) =>
    (indicator.targets as TargetEntry[])
      .filter((target) => target.programme === one.id)
      .map((target) => asTarget(indicator.code, target)),
  ),
}));

function asTarget(indicatorCode: string, entry: TargetEntry): CatalogueTarget {
  return {
    indicatorCode,
    scope: entry.byRegion ? 'by-county' : entry.perCounty === undefined ? 'whole' : 'each-county',
    value: entry.byRegion ? null : asNumber(entry.perCounty ?? entry.value ?? null),
    valueByCounty: entry.byRegion ?? null,
    operator: entry.op as Operator,
    clause: entry.clause,
    note: entry.note ?? entry.scope ?? null,
    dueOn: entry.due,
  };
}

/** A yes-or-no target is 1 for 是. */
function asNumber(value: number | boolean | null): number | null {
  return typeof value === 'boolean' ? Number(value) : value;
}
