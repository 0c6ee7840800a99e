import type { Reader } from '../platform/database/open.ts';

/** What a course must know of a video it shows. */
export interface LinkedVideo {
  id: string;
  title: string;
  ready: boolean;
  /** Whoever is signed in may watch it. */
  shown: boolean;
  durationSeconds: number;
}

/** Port to the videos room, of the same rank. */
export interface VideoDesk {
  /** The videos of these ids; one that does not exist is left out. */
  videosById(ids: readonly string[]): Promise<ReadonlyMap<string, LinkedVideo>>;
}

/** Port to the broadcasts room. */
export interface LiveDesk {
  broadcastsById(ids: readonly string[]): Promise<
    ReadonlyMap<
      string,
      {
        title: string;
        state: string;
        liveAt: string | null;
        endedAt: string | null;
        recordedMs: number;
        trimStartMs: number | null;
        trimEndMs: number | null;
        recordingRemovedAt: string | null;
      }
    >
  >;
  effectiveSecondsByPerson(
    broadcastId: string,
    personIds: readonly string[],
  ): Promise<ReadonlyMap<string, number>>;
}

/** Port to the identity room. */
export interface PeopleDesk {
  /** Masked names, and where people live. */
  describePersons(
    ids: readonly string[],
    reader?: Reader,
  ): Promise<ReadonlyMap<string, { displayName: string; homeRegionCode: string }>>;
}
