/**
 * `npm run bench`: the hub's figures, each beside a bare baseline measured in the same run.
 *
 *   npm run bench                          all of them, and docs/benchmarks.md is written
 *   npm run bench -- sign-in enrolment     some of them, on the screen only
 */
import type { Comparison, Measure } from './comparison.ts';
import { measureBoot } from './measures/boot.ts';
import { measureEnrolment } from './measures/enrolment.ts';
import { measureFigureLatency } from './measures/figure-latency.ts';
import { measureFirstFrame } from './measures/first-frame.ts';
import { measureForwarding } from './measures/forwarding.ts';
import { measureImport } from './measures/import.ts';
import { measureJoin } from './measures/join.ts';
import { measureHlsLatency } from './measures/hls-latency.ts';
import { measureHlsRequests } from './measures/hls-requests.ts';
import { measureMemory } from './measures/memory.ts';
import { measureRecordingCpu } from './measures/recording-cpu.ts';
import { measureSignIn } from './measures/sign-in.ts';
import { measureSignInQr } from './measures/sign-in-qr.ts';
import { measureTransactions } from './measures/transactions.ts';
import { measureWebRtcLatency } from './measures/webrtc-latency.ts';
import { describeMachine } from './machine.ts';
import { printTable, writeReport } from './report.ts';

const MEASURES: Record<string, Measure> = {
  'sign-in': measureSignIn,
  'sign-in-qr': measureSignInQr,
  enrolment: measureEnrolment,
  import: measureImport,
  figure: measureFigureLatency,
  'first-frame': measureFirstFrame,
  join: measureJoin,
  'hls-requests': measureHlsRequests,
  'recording-cpu': measureRecordingCpu,
  'webrtc-latency': measureWebRtcLatency,
  'hls-latency': measureHlsLatency,
  forwarding: measureForwarding,
  memory: measureMemory,
  boot: measureBoot,
  transactions: measureTransactions,
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in MEASURES));
if (unknown.length > 0)
  throw new Error(`No such measure: ${unknown.join(', ')}. Known: ${Object.keys(MEASURES).join(', ')}`);

const machine = describeMachine();
const startedAt = performance.now();
const comparisons: Comparison[] = [];
for (const name of chosen.length > 0 ? chosen : Object.keys(MEASURES)) {
  console.log(`${name} …`);
  comparisons.push(...(await MEASURES[name]!((line) => console.log(`  ${line}`))));
}
const tookSeconds = Math.round((performance.now() - startedAt) / 1000);
printTable(comparisons);
console.log(`${tookSeconds} s in all`);
if (chosen.length === 0) console.log(`written: ${await writeReport(comparisons, { machine, tookSeconds })}`);
