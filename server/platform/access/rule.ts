import type { Role, TokenScope } from './actor.ts';

/** What the owner of a broadcast lets another account be in it. */
export type StageStanding = 'cohost' | 'floor';

/** Who may do a thing. Roles count in the thing's region or above it. */
export type Rule =
  | { who: 'anyone' }
  | { who: 'signed-in'; tokens?: readonly TokenScope[] }
  | {
      who: 'roles';
      roles: readonly Role[];
      /**
       * The person the thing belongs to (the broadcast's host, the run's trainer) may as well, while they hold one of
       * these roles in the thing's region or above it: whoever lost the office lost what was theirs by it.
       */
      orOwner?: readonly Role[];
      /** A person who takes part (is enrolled) may as well; `public` things have everyone as a member. */
      orMember?: true;
      /** Whoever its owner named co-host, or has the floor now, may as well, whatever they hold elsewhere. */
      orStanding?: readonly StageStanding[];
      tokens?: readonly TokenScope[];
    };
