import type { Database } from '../platform/database/open.ts';
import { HubError } from '../platform/errors.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { StageStanding } from '../platform/access/rule.ts';
import { EMPTY_STAGE, nextStage, type StageFact, type StageState, type Standing } from './stage-rules.ts';
import { insertStageFact, listStageFacts } from './stage-store.ts';
import { Turns } from './turns.ts';

/** Rooms whose facts are kept read; those in use are the latest. */
const ROOMS_KEPT = 500;

interface Known {
  state: StageState;
  /** Facts so far. */
  count: number;
}

export type Floor = ReturnType<typeof openFloor>;

/**
 * Who is co-host, whose hand is up and who has the floor in each broadcast. The rows are the truth; what was read of
 * them is kept, and written facts are applied to it in the order of their numbers.
 */
export function openFloor({ db, clock }: { db: Database; clock: Clock }) {
  const rooms = new Map<string, Known>();
  const turns = new Turns();

  async function known(broadcastId: string): Promise<Known> {
    const kept = rooms.get(broadcastId);
    if (kept) return keep(broadcastId, kept);
    const facts = await listStageFacts(db, broadcastId);
    const state = facts.reduce((before, fact) => nextStage(before, fact) ?? before, EMPTY_STAGE);
    // Another reading may have come first, and facts after it.
    return keep(broadcastId, rooms.get(broadcastId) ?? { state, count: facts.length });
  }

  function keep(broadcastId: string, room: Known): Known {
    rooms.delete(broadcastId);
    rooms.set(broadcastId, room);
    const oldest = rooms.keys().next().value;
    if (rooms.size > ROOMS_KEPT && oldest !== undefined) rooms.delete(oldest);
    return room;
  }

  return {
    /** The state as its rows tell it. */
    read: async (broadcastId: string): Promise<StageState> => (await known(broadcastId)).state,

    async standingOf(broadcastId: string, accountId: string | undefined): Promise<Standing> {
      if (accountId === undefined) return 'none';
      return (await known(broadcastId)).state.standings.get(accountId) ?? 'none';
    },

    /**
     * Writes a fact that `ensure` lets pass and resolves with the state after it; undefined where it changes nothing.
     * One after another for each broadcast. Throws what `ensure` throws.
     */
    apply(
      broadcastId: string,
      fact: StageFact,
      byAccountId: string,
      ensure: (state: StageState) => void = () => undefined,
    ): Promise<StageState | undefined> {
      return turns.take(broadcastId, async () => {
        const before = await known(broadcastId);
        ensure(before.state);
        const state = nextStage(before.state, fact);
        if (!state) return undefined;
        const seq = before.count + 1;
        const by = { accountId: byAccountId, at: instant(clock.now()) };
        try {
          await insertStageFact(db, broadcastId, seq, fact, by);
        } catch (error) {
          // Whether it was written is for the rows to say.
          rooms.delete(broadcastId);
          throw error;
        }
        keep(broadcastId, { state, count: seq });
        return state;
      });
    },
  };
}

/** What lets an account do more than watch. */
export function stageStanding(standing: Standing): StageStanding | undefined {
  return standing === 'cohost' || standing === 'floor' ? standing : undefined;
}

/** Throws `stage.no-hand` unless the account asked for the floor. */
export function ensureHandIsUp(state: StageState, accountId: string): void {
  const standing = state.standings.get(accountId);
  if (standing !== 'hand' && standing !== 'floor') throw new HubError('stage.no-hand');
}
