import { instant, type Clock } from '../platform/clock.ts';
import type { Consumer, StoredEvent } from '../platform/outbox/consumer.ts';
import type { Transaction } from '../platform/database/open.ts';
import type { MergeFacts, MergeNews, PersonVerified } from '../identity/service.ts';
import type { TrainingNews } from '../training/service.ts';
import {
  addAnswer,
  addAttendance,
  markAttendanceVoided,
  putRun,
  putVerification,
  readFreshness,
  writeFreshness,
} from './store/evidence.ts';
import { listMergesTouching, putMerge, tiedBy } from './store/merges.ts';
import { listRunsOfAttendances, listRunsOfPersons, raiseVersions } from './store/versions.ts';

type News = {
  [Type in keyof TrainingNews]: (tx: Transaction, payload: TrainingNews[Type]) => Promise<void>;
} & { 'identity.person-verified': (tx: Transaction, payload: PersonVerified['payload']) => Promise<void> } & {
  [Type in keyof MergeNews]: (tx: Transaction, payload: MergeNews[Type]) => Promise<void>;
};

async function applyMerge(tx: Transaction, merge: MergeFacts): Promise<void> {
  await putMerge(tx, merge);
  await raiseVersions(tx, await listRunsOfPersons(tx, [merge.personId, merge.intoPersonId]));
}

/** How each piece of news changes the evidence. Applying one twice, or after a repair, changes nothing more. */
const APPLY: News = {
  async 'training.run-changed'(tx, run) {
    await putRun(tx, run);
    await raiseVersions(tx, [run.runId]);
  },
  async 'training.attendance-recorded'(tx, fact) {
    await addAttendance(tx, { ...fact, voidedAt: null });
    await raiseVersions(tx, [fact.runId]);
  },
  async 'training.attendance-voided'(tx, { attendanceId, voidedAt }) {
    const changed = await markAttendanceVoided(tx, attendanceId, voidedAt);
    if (changed === 0) throw new Error(`Attendance ${attendanceId} was voided but is not among the evidence`);
    await raiseVersions(tx, await listRunsOfAttendances(tx, [attendanceId]));
  },
  async 'training.survey-answered'(tx, fact) {
    await addAnswer(tx, { ...fact, voidedAt: null });
    await raiseVersions(tx, [fact.runId]);
  },
  async 'identity.person-verified'(tx, verification) {
    await putVerification(tx, verification);
    const { personId } = verification;
    const tied = tiedBy(await listMergesTouching(tx, [personId]));
    await raiseVersions(tx, await listRunsOfPersons(tx, [personId, ...tied]));
  },
  'identity.person-merged': applyMerge,
  'identity.person-merge-undone': applyMerge,
};

/** Keeps the evidence rows in step with training and identity, and remembers how far it has come. */
export function openEvidenceConsumer(clock: Clock): Consumer {
  return {
    name: 'programme.evidence',
    types: Object.keys(APPLY),
    async apply(tx, event) {
      await applyNews(tx, event);
      // An older event, retried by hand, does not make the evidence look older.
      const seq = Math.max(event.seq, (await readFreshness(tx))?.seq ?? 0);
      await writeFreshness(tx, { seq, factRecordedAt: event.recordedAt, appliedAt: instant(clock.now()) });
    },
  };
}

/** The payload was written by a room of this hub, with the type that its event's name stands for. */
function applyNews(tx: Transaction, event: StoredEvent): Promise<void> {
  const apply = APPLY[event.type as keyof News] as (tx: Transaction, payload: unknown) => Promise<void>;
  return apply(tx, event.payload);
}
