/**
 * Opens a hub on the data directory named on the command line and imports one list of people after another, each into a
 * run of its own. Prints `confirming RUN` before each is carried out and `done RUN` after.
 */
import { openHub } from '../../server/hub.ts';
import { systemClock } from '../../server/platform/clock.ts';
import { decideConfig } from '../../server/platform/config.ts';
import { readEnvironment } from '../../server/platform/env.ts';
import { openLog } from '../../server/platform/log.ts';
import { actorOf, COUNTY, openRun } from './classroom.ts';
import { idNumberOf } from './id-numbers.ts';

const [dataDir, people] = [process.argv[2]!, Number(process.argv[3])];
const env = { DATA_DIR: dataDir, PORT: '0', RTC_PORT: '0', RTMP_PORT: '0', MEDIA_WORKERS: '1' };
const config = decideConfig(readEnvironment({ ...env, LOG_LEVEL: 'error' }), { demo: false });
const hub = await openHub({ config, clock: systemClock, log: openLog(config.logLevel) });
const trainer = await actorOf(hub, { roles: [['trainer', COUNTY]] });
for (let list = 0; ; list += 1) {
  const rows = Array.from({ length: people }, (_, at) => `村民,${idNumberOf(list * people + at)}`);
  const run = await openRun(hub, trainer, { capacity: people });
  const bytes = new TextEncoder().encode(`姓名,身份证号\n${rows.join('\n')}\n`);
  const draft = await hub.imports.begin(trainer, 'enrolments', run.id, bytes);
  process.stdout.write(`confirming ${run.id}\n`);
  await hub.imports.confirm(trainer, draft.id, { consent: { method: 'paper', sensitive: false } });
  process.stdout.write(`done ${run.id}\n`);
}
