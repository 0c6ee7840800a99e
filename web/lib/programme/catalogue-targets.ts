import type { AnswerOf } from '#lib/api/ask.ts';
import type { Api } from '#lib/api/client.ts';
import { text, type Typed } from '#lib/forms/answer.ts';

type Catalogue = AnswerOf<Awaited<ReturnType<Api['api']['catalogue']['programmes']['$get']>>>;
type Target = Catalogue['programmes'][number]['targets'][number];
type Indicator = Catalogue['indicators'][number];

/** A target of the catalogue as the form shows it: `value` null where the document sets no single figure. */
export interface EditableTarget {
  field: string;
  name: string;
  unit: string;
  operator: Target['operator'];
  scope: Target['scope'];
  value: number | null;
  /** `芒市 20、陇川县 15`, where each county has its own. */
  byCounty: string;
  clause: string;
}

const fieldOf = (indicatorCode: string) => `target:${indicatorCode}`;

export function editableTargets(
  targets: readonly Target[],
  indicators: readonly Indicator[],
  nameOf: (regionCode: string) => string,
): EditableTarget[] {
  return targets.map((target) => {
    const indicator = indicators.find(({ code }) => code === target.indicatorCode);
    return {
      field: fieldOf(target.indicatorCode),
      name: indicator?.name ?? target.indicatorCode,
      unit: indicator?.unit ?? '',
      operator: target.operator,
      scope: target.scope,
      value: target.value,
      byCounty: Object.entries(target.valueByCounty ?? {})
        .map(([code, value]) => `${nameOf(code)} ${value}`)
        .join('、'),
      clause: target.clause,
    };
  });
}

/** What the form changed, as the API wants it; what stands as in the document is left to the copy, as are yes-or-no targets. */
export function changedTargets(targets: readonly Target[], typed: Typed) {
  return targets.flatMap((target) => {
    const { indicatorCode, operator, scope } = target;
    const entered = text(typed, fieldOf(indicatorCode));
    if (operator === 'is' || scope === 'by-county') return [];
    if (entered === '' || Number(entered) === target.value) return [];
    return [{ indicatorCode, value: Number(entered), operator, scope }];
  });
}
