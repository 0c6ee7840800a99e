import { HubError } from '../errors.ts';
import { prefixesHeld, regionCovers, type Actor, type Caller, type Role } from './actor.ts';
import type { Rule, StageStanding } from './rule.ts';
import { ACCESS, type Action } from './table.ts';

/** What is true of the thing asked for. Unknown region: a role anywhere is enough, and the verb narrows what is seen. */
export interface Circumstances {
  regionCode?: string;
  owner?: boolean;
  member?: boolean;
  /** What the broadcast's owner lets the caller be in it. */
  standing?: StageStanding;
  /** The broadcast the thing is or belongs to, for tokens that are cut to one. */
  broadcastId?: string;
}

export type Verdict = 'allowed' | 'auth.required' | 'access.denied';

/** The pure decision behind every permission check. */
export function decide(rule: Rule, caller: Caller, about: Circumstances): Verdict {
  if (rule.who === 'anyone') return 'allowed';
  if (!caller) return rule.who === 'roles' && rule.orMember && about.member ? 'allowed' : 'auth.required';
  if (caller.token) {
    if (!rule.tokens?.includes(caller.token.scope)) return 'access.denied';
    const only = caller.token.broadcastId;
    if (only !== null && about.broadcastId !== only) return 'access.denied';
  }
  if (rule.who === 'signed-in') return 'allowed';
  if (rule.orMember && about.member) return 'allowed';
  if (about.standing && rule.orStanding?.includes(about.standing)) return 'allowed';
  const counting = about.owner ? [...rule.roles, ...(rule.orOwner ?? [])] : rule.roles;
  return holdsOneOf(caller, counting, about.regionCode) ? 'allowed' : 'access.denied';
}

function holdsOneOf(actor: Actor, counting: readonly Role[], regionCode: string | undefined): boolean {
  return actor.grants.some(
    (grant) =>
      counting.includes(grant.role) &&
      (regionCode === undefined || regionCovers(grant.regionCode, regionCode)),
  );
}

/** The first line of every verb that a person can reach. Throws `auth.required` or `access.denied`. */
export function ensureMay(caller: Caller, action: Action, about: Circumstances = {}): void {
  const verdict = decide(ACCESS[action], caller, about);
  if (verdict !== 'allowed') throw new HubError(verdict, { params: { action } });
}

/** As {@link ensureMay}, asking instead of refusing: for what a page offers. */
export function may(caller: Caller, action: Action, about: Circumstances = {}): boolean {
  return decide(ACCESS[action], caller, about) === 'allowed';
}

/** As {@link ensureMay}, for verbs that act in the name of someone: hands the actor back. */
export function actorWhoMay(caller: Caller, action: Action, about: Circumstances = {}): Actor {
  ensureMay(caller, action, about);
  if (!caller) throw new HubError('auth.required', { params: { action } });
  return caller;
}

/** The region prefixes (`''` is everywhere) within which the caller's roles allow the action: what a list is narrowed to. */
export function prefixesWhereMay(caller: Caller, action: Action): string[] {
  const rule: Rule = ACCESS[action];
  return rule.who === 'roles' ? prefixesHeld(caller, rule.roles) : [];
}
