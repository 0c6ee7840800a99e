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
