import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { actorOf, COUNTY, openRun } from '../../support/classroom.ts';
import { idNumberOf } from '../../support/id-numbers.ts';
import { xlsxOf } from '../../support/make-xlsx.ts';
import { openTestHub } from '../../support/open-test-hub.ts';
import { openBareTable } from '../bare/table.ts';
import { byTurns, median, type Measure } from '../comparison.ts';

const PEOPLE = 5000;
const ROUNDS = 2;
const HEADINGS = ['姓名', '身份证号', '手机号', '乡镇', '村', '人员类别', '类别起始日期'];

/**
 * A list of 5,000 people nobody knows yet, from the bytes of an xlsx to their places in a run: read, judged twice (once for
 * the page), persons, consents, categories and enrolments written. Beside it, their enrolments alone as one bare batch.
 */
export const measureImport: Measure = async (tell) => {
  const t = await openTestHub();
  const dir = await mkdtemp(join(tmpdir(), 'xiangbo-bare-import-'));
  const table = await openBareTable(join(dir, 'bare.db'));
  try {
    const trainer = await actorOf(t.hub, { roles: [['trainer', COUNTY]] });
    const importList = async (round: number) => {
      const rows = Array.from({ length: PEOPLE }, (_, at) => {
        const serial = round * PEOPLE + at;
        const phone = `139${String(serial).padStart(8, '0')}`;
        return [`村民${serial}`, idNumberOf(serial), phone, null, null, '农村群众', '2020年1月1日'];
      });
      const bytes = await xlsxOf({ rows: [['学员名册'], HEADINGS, ...rows] });
      const run = await openRun(t.hub, trainer, { capacity: PEOPLE });
      const startedAt = performance.now();
      const draft = await t.hub.imports.begin(trainer, 'enrolments', run.id, bytes);
      await t.hub.imports.confirm(trainer, draft.id, { consent: { method: 'paper', sensitive: false } });
      const tookMs = performance.now() - startedAt;
      const { enrolled } = await t.hub.training.readRun(trainer, run.id);
      if (enrolled !== PEOPLE) throw new Error(`${enrolled} of ${PEOPLE} were enrolled`);
      return tookMs;
    };
    const insertBatch = async (round: number) => {
      const startedAt = performance.now();
      await table.insertBatch(`run-${round}`, PEOPLE);
      return performance.now() - startedAt;
    };
    const times = await byTurns(ROUNDS, { hub: importList, bare: insertBatch });
    tell(`import of ${PEOPLE} ${times.hub.map(Math.round).join(', ')} ms`);
    const bare = [{ what: 'libSQL batch of as many enrolments', value: median(times.bare) }];
    return [{ what: 'Import of 5,000 enrolments (5 s at most)', unit: 'ms', hub: median(times.hub), bare }];
  } finally {
    table.close();
    await rm(dir, { recursive: true, force: true });
    await t.close();
  }
};
