import { formatCount } from '#lib/format/number.ts';
import { readerLocale } from '#lib/i18n/locale.ts';
import { m } from '#lib/paraglide/messages.js';

const SIGNS: Record<string, string> = { '>=': '≥', '>': '>', '<=': '≤', '=': '=', is: '' };

/** The measured indicators in English; the others are shown as their documents name them. */
const ENGLISH: Record<string, string> = {
  'training.personTimes': 'Person-times trained',
  'training.persons': 'Persons trained',
  'training.professionalPersonTimes': 'Professional-skill person-times',
  'training.satisfaction': 'Satisfaction',
};
const ENGLISH_UNITS: Record<string, string> = { 人次: 'person-times', 人: 'persons', 家: '', 个: '' };

/** The indicator's name in the reader's language. */
export function indicatorName(indicator: { code: string; name: string }): string {
  return readerLocale() === 'en' ? (ENGLISH[indicator.code] ?? indicator.name) : indicator.name;
}

export function unitWords(unit: string): string {
  return readerLocale() === 'en' ? (ENGLISH_UNITS[unit] ?? unit) : unit;
}

/** `≥ 3,000 人次`; of a yes-or-no target 是; — where the document cannot be read. */
export function goalWords(target: { operator: string; value: number | null; unit: string }): string {
  if (target.value === null) return '—';
  if (target.operator === 'is') return target.value === 1 ? m.programme_yes() : m.programme_no();
  const unit = unitWords(target.unit);
  const gap = unit === '%' || unit === '' ? unit : ` ${unit}`;
  return `${SIGNS[target.operator] ?? target.operator} ${formatCount(target.value)}${gap}`;
}

/** `96.5` with what it takes of two decimals; — for nothing. */
export function valueWords(value: number | null): string {
  return value === null ? '—' : formatCount(value);
}

export const STATES = {
  met: { tone: 'good', words: m.ui_figure_met },
  'on-track': { tone: 'info', words: m.ui_figure_on_track },
  'at-risk': { tone: 'waiting', words: m.programme_at_risk },
  missed: { tone: 'wrong', words: m.ui_figure_missed },
  'no-data': { tone: 'quiet', words: m.programme_no_data },
  'no-target': { tone: 'quiet', words: m.programme_no_target },
  'not-measured': { tone: 'quiet', words: m.programme_not_measured },
} as const;

/** `5` 很满意 … `1` 很不满意. */
export function overallWords(overall: number): string {
  return [m.programme_step_1, m.programme_step_2, m.programme_step_3, m.programme_step_4, m.programme_step_5][
    overall - 1
  ]!();
}
