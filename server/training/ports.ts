import type { Reader } from '../platform/database/open.ts';

/** What training must know of a broadcast that a session is linked to. */
export interface LinkedBroadcast {
  id: string;
  kind: 'class' | 'sale';
  state: 'scheduled' | 'live' | 'interrupted' | 'ended' | 'replay';
  ownerAccountId: string;
  liveAt: string | null;
  endedAt: string | null;
}

/** Port to the broadcasts room. */
export interface BroadcastDesk {
  /** The broadcasts of these ids; one that does not exist is left out. */
  broadcastsById(ids: readonly string[]): Promise<ReadonlyMap<string, LinkedBroadcast>>;
  /** Seconds of effective presence of these persons, as measured so far. Reads only: it is called inside transactions. */
  effectiveSecondsByPerson(
    broadcastId: string,
    personIds: readonly string[],
  ): Promise<ReadonlyMap<string, number>>;
}

/** A person as a roster may show them: masked. */
export interface MaskedPerson {
  /** `岩*亮` */
  displayName: string;
  verified: boolean;
  homeRegionCode: string;
}

/** A category of trainees that a person belongs to, from a day in Asia/Shanghai; null: not said. */
export interface HeldCategory {
  name: string;
  since: string | null;
}

/** Port to the identity room. */
export interface PeopleDesk {
  describePersons(ids: readonly string[]): Promise<ReadonlyMap<string, MaskedPerson>>;
  /** The categories that people belong to; who belongs to none may be left out. */
  audiencesOf(ids: readonly string[]): Promise<ReadonlyMap<string, readonly HeldCategory[]>>;
  /** The persons of exactly this name and mainland mobile number, as typed; none where it is no such number. */
  matchPersons(name: string, phone: string): Promise<string[]>;
}

/** How a run fits a programme it is said to be held for. */
export type ProgrammeFit = 'inside' | 'outside-period' | 'outside-region' | 'unknown';

/** Port to the programme room, which ranks above. */
export interface ProgrammeDesk {
  /** `days` are calendar days in Asia/Shanghai. */
  fitOf(
    programmeId: string,
    run: { regionCode: string; days: readonly string[] },
    reader: Reader,
  ): Promise<ProgrammeFit>;
}
