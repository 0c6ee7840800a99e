import type { RollLine, Signed } from '#lib/api/shapes.ts';
import { m } from '#lib/paraglide/messages.js';

type Method = NonNullable<RollLine['method']>;
type Flag = RollLine['flags'][number];

const METHODS: Record<Method, () => string> = {
  'live-presence': m.attend_method_live_presence,
  replay: m.attend_method_replay,
  qr: m.attend_method_qr,
  'short-number': m.attend_method_short_number,
  'roll-call': m.attend_method_roll_call,
  paper: m.attend_method_paper,
  assisted: m.attend_method_assisted,
};

/** How it is known that someone attended. */
export function methodWords(method: Method): string {
  return METHODS[method]();
}

const RULES: Record<string, () => string> = {
  'live-presence': m.attend_rule_live_presence,
  replay: m.attend_rule_replay,
  'sign-in': m.attend_rule_sign_in,
};

/** The rule by which attendance was judged; one that this page does not know yet, by its id. */
export function ruleName(rule: string): string {
  return RULES[rule]?.() ?? rule;
}

const FLAGS: Record<Flag['kind'], (amount: { amount: number }) => string> = {
  'late-upload': m.attend_flag_late_upload,
  'shared-phone': m.attend_flag_shared_phone,
  'category-began-later': () => m.attend_flag_category_began_later(),
  'before-opening': () => m.attend_flag_before_opening(),
  'left-early': () => m.attend_flag_left_early(),
  'far-away': m.attend_flag_far_away,
};

/** What is odd about an attendance. */
export function flagWords({ kind, amount }: Flag): string {
  return FLAGS[kind]({ amount: amount ?? 0 });
}

/** What a signature led to, for the signer; undefined where it says nothing new. */
export function outcomeWords(signed: Signed): string | undefined {
  if (signed.again) return m.attend_done_again();
  switch (signed.attendance) {
    case 'recorded':
      return m.attend_done_recorded();
    case 'awaits-sign-out':
      return m.attend_done_waits();
    case 'below-threshold':
      return m.attend_done_short();
    case 'impossible':
      return m.attend_done_elsewhere();
    case 'left-early':
      return m.attend_done_early();
    default:
      return undefined;
  }
}
