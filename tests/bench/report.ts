import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import type { Comparison } from './comparison.ts';

const REPORT = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));

export function printTable(comparisons: readonly Comparison[]): void {
  console.table(rowsOf(comparisons));
}

/** Writes docs/benchmarks.md anew; returns its path. */
export async function writeReport(
  comparisons: readonly Comparison[],
  run: { machine: readonly string[]; tookSeconds: number },
): Promise<string> {
  const rows = rowsOf(comparisons);
  const heads = Object.keys(rows[0]!) as (keyof (typeof rows)[number])[];
  const text = `# Benchmarks

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)} in ${run.tookSeconds} s. Each figure of the hub stands beside
a baseline of bare parts, measured by turns in the same run on the same machine over loopback; the ratio travels, the figure alone
does not. Rates are medians of three rounds over ten connections. For requests/s a higher ratio is better, for ms a lower one.

${run.machine.map((line) => `- ${line}`).join('\n')}

| ${heads.join(' | ')} |
|${heads.map(() => '---').join('|')}|
${rows.map((row) => `| ${heads.map((head) => row[head]).join(' | ')} |`).join('\n')}

## What is measured

- **Sign-in**: \`POST /api/auth/login\` at the served hub, 40 accounts, every request from another address, rate limits in force.
- **Enrolment**: \`POST /api/runs/{id}/enrolment\` at the served hub, 200 trainees, each in 16 runs. The bare insert writes a row of the
  same shape and is as durable (WAL, \`synchronous=FULL\`; the hub syncs for many at once, off the event loop).
- **Figure**: from the moment a fact is committed until \`GET /api/programmes/{id}/indicators\` over HTTP shows it, asked without pause.
  A commit that wrote news wakes the hub's outbox.
- **First frame**: from the start of the navigation to the first frame the browser presents, a new browser context each time, the
  publisher a looped clip with a keyframe every 0.2 s; p95 of nine loads is the slowest. The hub's page is the whole \`/live/{id}\`: server-rendered, scripts, socket,
  room; the bare pages hold a video element and mediasoup-client, or hls.js on the same playlist.
- **A 720p broadcast**: 1280 × 720, 25 a second, 1.5 Mbit/s, played by ffmpeg as a camera would. CPU of the hub's process, its media worker and its
  ffmpegs over 20 s, without the player's; the bare mediasoup only receives it. The difference is what source and audio-only HLS, thumbnails and recording cost.
- **Join**: a page that is open, the list of broadcasts at the hub and a button at the bare page; from the click to the first frame, in a
  new browser context each time, 20 times 2 s apart by turns. The publishers are browsers with a camera of 640 × 360, which make a
  keyframe when asked. The hub's time holds its page's change, the socket and the room.
- **WebRTC behind the camera**: the camera films a clock of black and white cells; each frame that the viewer's page presents in 20 s is
  read back when its pixels are decoded, and one that stays for more than 100 ms counts every 33 ms with its age by then. Publisher and viewer are two browsers on the same machine.
- **LL-HLS behind the camera**: the same clock, read for 60 s from the watch page of a browser without WebRTC, then for 20 s from hls.js
  as it comes. A stall is a time when the player had nothing left to play.
- **LL-HLS requests**: the newest part, the newest closed segment and the media playlist of a live broadcast, over ten connections for 3 s
  each, asked without a wait; the bare route serves the same bytes as a file by Hono's static middleware.
- **Forwarding**: CPU time of the media worker for 210 consumers (a browser that shows none of them) over 6 s, as consumers a core; the
  hub's worker also serves the recording. Median of three rounds by turns.
- **Memory**: heap and buffers of the process after garbage collection, and resident memory of the worker, before and after 200
  broadcasts of which each tenth was really on the air, after 40 to warm up. It fails where memory grew by more than 5 % or a timer,
  process, port or file is left.
- **Second start**: from starting the process to an answer of \`/readyz\`, the web built, the data there, one media worker.
- **Transactions**: each reads a counter and writes it one higher, all begun at once. The bare client refuses with \`SQLITE_BUSY\`.
`;
  const config = await resolveConfig(REPORT);
  await writeFile(REPORT, await format(text, { ...config, filepath: REPORT }));
  return REPORT;
}

function rowsOf(comparisons: readonly Comparison[]) {
  return comparisons.flatMap(({ what, unit, hub, bare }) =>
    bare.map((one) => ({
      Figure: what,
      Hub: `${shown(hub)} ${unit}`,
      'Bare baseline': one.what,
      Bare: `${shown(one.value)} ${unit}`,
      'Hub ÷ bare': one.value === 0 ? '–' : shown(hub / one.value),
    })),
  );
}

/** About three significant digits, thousands set apart. */
function shown(value: number): string {
  return value.toLocaleString('en', {
    maximumSignificantDigits: Math.max(3, Math.ceil(Math.log10(Math.max(1, value)))),
  });
}
