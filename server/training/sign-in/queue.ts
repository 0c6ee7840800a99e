import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/open.ts';
import { HubError } from '../../platform/errors.ts';
import type { PeopleDesk } from '../ports.ts';
import { findRun, findSession } from '../store/runs.ts';
import type { SigningRow } from '../store/signings.ts';
import { recordSignings, type NewSigning, type SigningResult } from './record-signings.ts';

/** So many signatures are written in one transaction. */
const GROUP_SIZE = 100;

/** What became of a signature, with the words of its answer. */
export interface Written {
  result: SigningResult;
  runTitle: string;
  /** Masked. */
  displayName: string;
}

interface Waiting {
  sessionId: string;
  kind: SigningRow['kind'];
  signing: NewSigning;
  written: (told: Written) => void;
  failed: (error: unknown) => void;
}

/**
 * Writes what a whole class signs in the same second in a few transactions: whatever comes while one is written waits for
 * the next. An answer is given once its transaction is on the disk.
 */
export function openSigningQueue(parts: { db: Database; clock: Clock; people: PeopleDesk }) {
  const { db, clock, people } = parts;
  let waiting: Waiting[] = [];
  let writing = false;

  async function writeAll(): Promise<void> {
    if (writing) return;
    writing = true;
    while (waiting.length > 0) {
      const group = waiting.slice(0, GROUP_SIZE);
      waiting = waiting.slice(GROUP_SIZE);
      await writeGroup(group).catch((error: unknown) => {
        for (const one of group) one.failed(error);
      });
    }
    writing = false;
  }

  async function writeGroup(group: Waiting[]): Promise<void> {
    const byClass = Map.groupBy(group, ({ sessionId, kind }) => `${kind} ${sessionId}`);
    const results = await db.transaction(async (tx) => {
      const done = new Map<Waiting, SigningResult>();
      for (const part of byClass.values()) {
        const { sessionId, kind } = part[0]!;
        const session = await findSession(tx, sessionId);
        if (!session) throw new HubError('not-found');
        const signings = part.map(({ signing }) => signing);
        const answers = await recordSignings(tx, clock, session, kind, signings);
        part.forEach((one, index) => done.set(one, answers[index]!));
      }
      return done;
    });
    for (const part of byClass.values()) await answer(part, results);
  }

  /** Asks once for the words of a whole class. */
  async function answer(part: Waiting[], results: ReadonlyMap<Waiting, SigningResult>): Promise<void> {
    const [session, persons] = await Promise.all([
      findSession(db, part[0]!.sessionId),
      people.describePersons(part.map(({ signing }) => signing.personId)),
    ]);
    const run = session && (await findRun(db, session.runId));
    for (const one of part) {
      const displayName = persons.get(one.signing.personId)?.displayName ?? '***';
      one.written({ result: results.get(one)!, runTitle: run?.title ?? '', displayName });
    }
  }

  return {
    /** Resolves once the signature is durable, or was found to stand already. */
    sign(sessionId: string, kind: SigningRow['kind'], signing: NewSigning): Promise<Written> {
      return new Promise((written, failed) => {
        waiting.push({ sessionId, kind, signing, written, failed });
        void writeAll();
      });
    },
  };
}

export type SigningQueue = ReturnType<typeof openSigningQueue>;
