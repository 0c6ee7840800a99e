import { openBudget } from '../platform/budget.ts';

const MINUTE_SECONDS = 60;

/**
 * How often things may be tried. In memory: a restart forgives, which costs an attacker of one hub little and an
 * honest person nothing. An address is a whole village school behind one router, so its budgets are wide.
 */
export function openBudgets() {
  return {
    /** One account from one address: a person who forgot stops here, and nobody else is locked out with them. */
    signInHere: openBudget(10, 15 * MINUTE_SECONDS),
    /** One account from anywhere: bounds guessing spread over addresses. */
    signInAccount: openBudget(60, 15 * MINUTE_SECONDS),
    /** One address at any account: bounds one password tried on many accounts. */
    signInAddress: openBudget(120, 15 * MINUTE_SECONDS),
    registerAddress: openBudget(120, 60 * MINUTE_SECONDS),
    recoverAccount: openBudget(10, 30 * MINUTE_SECONDS),
    recoverAddress: openBudget(60, 30 * MINUTE_SECONDS),
    /** The present password asked again by someone signed in. */
    confirmAccount: openBudget(10, 15 * MINUTE_SECONDS),
    setupAddress: openBudget(30, 15 * MINUTE_SECONDS),
  };
}

export type Budgets = ReturnType<typeof openBudgets>;

/** The part of an address that one household has to itself: IPv6 by its /64, IPv4 whole, also when it is mapped. */
export function addressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter(Boolean);
  const rest = tail === undefined ? [] : tail.split(':').filter(Boolean);
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length);
  return [...groups, ...Array<string>(zeros).fill('0'), ...rest].slice(0, 4).join(':');
}
