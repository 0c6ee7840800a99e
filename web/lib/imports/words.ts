import { m } from '#lib/paraglide/messages.js';

const COLUMNS: Record<string, () => string> = {
  name: m.import_column_name,
  idNumber: m.import_column_idNumber,
  phone: m.import_column_phone,
  county: m.import_column_county,
  township: m.import_column_township,
  village: m.import_column_village,
  audience: m.import_column_audience,
  since: m.import_column_since,
  townshipCode: m.import_column_townshipCode,
  villageCode: m.import_column_villageCode,
  outOfPoverty: m.import_column_outOfPoverty,
  outOfPovertyOn: m.import_column_outOfPovertyOn,
};

/** The name of a column that an import reads. */
export function columnWords(key: string): string {
  return COLUMNS[key]?.() ?? key;
}

const FIGURES: Record<string, () => string> = {
  people: m.import_figure_people,
  fresh: m.import_figure_fresh,
  known: m.import_figure_known,
  enrolledAlready: m.import_figure_enrolledAlready,
  repeated: m.import_figure_repeated,
  unverified: m.import_figure_unverified,
  sensitive: m.import_figure_sensitive,
  free: m.import_figure_free,
  townshipsAdded: m.import_figure_townshipsAdded,
  villagesAdded: m.import_figure_villagesAdded,
  changed: m.import_figure_changed,
};

/** What a figure of an import counts. */
export function figureWords(name: string): string {
  return FIGURES[name]?.() ?? name;
}

type Params = Record<string, string | number>;
const rowOf = (params: Params) => ({ row: params.row ?? '' });

const RULES: Record<string, (params: Params) => string> = {
  required: m.import_rule_required,
  too_big: m.import_rule_too_big,
  name: m.import_rule_name,
  'no-value': m.import_rule_no_value,
  phone: m.import_rule_phone,
  'id-number': m.import_rule_id_number,
  'id-checksum': m.import_rule_id_checksum,
  'digits-lost': m.import_rule_digits_lost,
  'number-or-phone': m.import_rule_number_or_phone,
  audience: m.import_rule_audience,
  day: m.import_rule_day,
  'unknown-place': m.import_rule_unknown_place,
  'ambiguous-place': m.import_rule_ambiguous_place,
  'outside-region': m.import_rule_outside_region,
  twice: (params) => m.import_rule_twice(rowOf(params)),
  'other-name': m.import_rule_other_name,
  'region-digits': m.import_rule_region_digits,
  'unknown-county': m.import_rule_unknown_county,
  prefix: m.import_rule_prefix,
  differs: (params) => m.import_rule_differs(rowOf(params)),
  'yes-or-no': m.import_rule_yes_or_no,
};

/** What is wrong with a cell, and what to do. */
export function ruleWords(rule: string, params: Params): string {
  return (RULES[rule] ?? m.import_rule_other)(params);
}
