import type { Actor, Caller } from '../platform/access/actor.ts';

/** Who takes part in a broadcast that is not public: training knows who is enrolled. */
export interface Membership {
  isMember(broadcastId: string, personId: string): Promise<boolean>;
  /** Every broadcast the person takes part in, in one query. */
  broadcastIdsOf(personId: string): Promise<string[]>;
}

/** From how many effective minutes presence counts: it belongs to the training session. Undefined: nothing asks for it. */
export interface PresenceThresholds {
  thresholdMinutesFor(broadcastId: string): Promise<number | undefined>;
}

/** Who an account is at this moment, with the rights it holds: identity knows. Undefined for a closed one. */
export interface Rights {
  actorOf(accountId: string): Promise<Caller>;
  /** The same caller at this moment; undefined also where the token they came by is no more. */
  again(actor: Actor): Promise<Caller>;
}

/** When something sold in a broadcast last changed hands: the law counts the keeping of its recording from there. */
export interface Transactions {
  /** An ISO instant; undefined where nothing was sold. */
  lastTransactionAt(broadcastId: string): Promise<string | undefined>;
}

/** The names under which people speak in a room, by account id: identity knows them. */
export interface ChatNames {
  chatNames(accountIds: readonly string[]): Promise<Map<string, string>>;
}

/** Whom the owner of a broadcast names: identity knows the accounts. */
export interface Accounts {
  /** Undefined where nobody has the username. */
  accountIdOf(username: string): Promise<string | undefined>;
}

/** Where a person lives: a broadcast of someone who may hold one anywhere, and names no region, is held there. */
export interface Homes {
  requirePerson(personId: string): Promise<{ homeRegionCode: string }>;
}
