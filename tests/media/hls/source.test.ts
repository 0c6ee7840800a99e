import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseByteRange } from '../../../media/hls/byte-range.ts';
import type { HlsAnswer } from '../../../media/hls/contract.ts';
import { LiveSource } from '../../../media/hls/live-source.ts';
import { parseResourceName } from '../../../media/hls/names.ts';
import type { Timeline } from '../../../media/hls/timeline.ts';

let storageDir: string;
let timeline: Timeline;
let source: LiveSource;

beforeEach(async () => {
  storageDir = await mkdtemp(join(tmpdir(), 'xiangbo-hls-'));
  await writeFile(join(storageDir, 'segment'), '0123456789');
  timeline = {
    inits: [
      { initIndex: 0, file: 'init', byteLength: 1, codecs: 'avc1.42c01f,mp4a.40.2', width: 640, height: 360 },
    ],
    segments: [],
    recentParts: new Map(),
    open: null,
    hint: { initIndex: 0, index: 0 },
    ended: false,
    targetSeconds: 3,
    partSeconds: 0.31,
  };
  source = new LiveSource({ timeline, storageDir });
});
afterEach(async () => {
  await rm(storageDir, { recursive: true, force: true });
});

function addPart(index: number, durationMs = 300): void {
  timeline.open ??= { sequence: 0, initIndex: 0, programDateTime: '2026-11-22T02:00:00.000Z', parts: [] };
  const part = { initIndex: 0, index, durationMs, independent: index === 0 };
  timeline.open.parts.push(part);
  timeline.hint = { initIndex: 0, index: index + 1 };
  source.keepPart(part, Buffer.from(`part ${index}`));
  source.changed();
}

function closeSegment(): void {
  timeline.segments.push({
    ...{
      sequence: 0,
      discontinuitySequence: 0,
      initIndex: 0,
      file: 'segment',
      durationMs: 2000,
      byteLength: 10,
    },
    ...{ programDateTime: '2026-11-22T02:00:00.000Z', keyframeAligned: true },
  });
  timeline.open = null;
  source.changed();
}

const bodyOf = (answer: HlsAnswer) => (answer.kind === 'playlist' ? answer.body : answer.kind);

/** Whether a promise is settled by now. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol();
  return (
    (await Promise.race([promise, new Promise((resolve) => setTimeout(() => resolve(pending), 20))])) !==
    pending
  );
}

describe('blocking reload', () => {
  test('nothing recorded yet is not found', async () => {
    expect(await source.awaitPlaylist()).toEqual({ kind: 'not-found' });
    timeline.inits = [];
    expect(source.master({ folderUri: '' })).toEqual({ kind: 'not-found' });
  });

  test('waits for the part asked for', async () => {
    addPart(0);
    expect(bodyOf(await source.awaitPlaylist({ msn: 0, part: 0 }))).toContain('part-0-0.m4s');
    const next = source.awaitPlaylist({ msn: 0, part: 1 });
    expect(await settled(next)).toBe(false);
    addPart(1);
    expect(bodyOf(await next)).toContain('URI="part-0-1.m4s"\n');
  });

  test('a part that took too long answers like any other, and so do those after it', async () => {
    addPart(0);
    for (const [index, durationMs] of [
      [1, 550],
      [2, 300],
    ] as const) {
      const next = source.awaitPlaylist({ msn: 0, part: index });
      addPart(index, durationMs);
      expect(await settled(next)).toBe(true);
      expect(bodyOf(await next)).toContain(`URI="part-0-${index}.m4s"`);
    }
  });

  test('a cache may keep what was asked for by number, hardly what was not, and never what was waited for in vain', async () => {
    addPart(0);
    expect(await source.awaitPlaylist({ msn: 0, part: 0 })).toMatchObject({ maxAgeSeconds: 18 });
    expect(await source.awaitPlaylist()).toMatchObject({ maxAgeSeconds: 1 });
    const late = await source.awaitPlaylist({ msn: 0, part: 1, signal: AbortSignal.abort() });
    expect(late).toMatchObject({ kind: 'playlist', maxAgeSeconds: 0 });
  });

  test('a segment that closed early answers whoever waits for a further part of it', async () => {
    addPart(0);
    const next = source.awaitPlaylist({ msn: 0, part: 5 });
    const whole = source.awaitPlaylist({ msn: 0 });
    expect(await settled(whole)).toBe(false);
    closeSegment();
    expect(bodyOf(await next)).toContain('segment-0.m4s');
    expect(bodyOf(await whole)).toContain('segment-0.m4s');
  });

  test('refuses what is too far ahead, and a part without a segment', async () => {
    addPart(0);
    expect(await source.awaitPlaylist({ msn: 4 })).toMatchObject({ kind: 'bad-request' });
    expect(await source.awaitPlaylist({ part: 1 })).toMatchObject({ kind: 'bad-request' });
    expect(await source.awaitPlaylist({ msn: 0, part: 11 })).toMatchObject({ kind: 'bad-request' });
    const gone = AbortSignal.abort();
    expect(await source.awaitPlaylist({ msn: 0, part: 10, signal: gone })).toMatchObject({
      kind: 'playlist',
    });
  });

  test('the end of the broadcast and a client that goes away both end the waiting', async () => {
    addPart(0);
    const gone = new AbortController();
    const left = source.awaitPlaylist({ msn: 1, signal: gone.signal });
    const stays = source.awaitPlaylist({ msn: 1 });
    gone.abort();
    expect(await settled(left)).toBe(true);
    expect(await settled(stays)).toBe(false);
    closeSegment();
    timeline.hint = null;
    timeline.ended = true;
    source.changed();
    expect(bodyOf(await stays)).toContain('#EXT-X-ENDLIST');
  });
});

describe('media', () => {
  test('the hinted part is waited for, others are there or not', async () => {
    addPart(0);
    const hinted = source.resource('part-0-1.m4s');
    expect(await settled(hinted)).toBe(false);
    expect(await source.resource('part-0-2.m4s')).toEqual({ kind: 'not-found' });
    addPart(1);
    expect(await hinted).toMatchObject({ kind: 'media', byteLength: 6, contentType: 'video/mp4' });
  });

  test('a hinted part that never comes is not found', async () => {
    addPart(0);
    const hinted = source.resource('part-0-1.m4s');
    timeline.hint = null;
    source.changed();
    expect(await hinted).toEqual({ kind: 'not-found' });
  });

  test('segments are served whole and in ranges', async () => {
    addPart(0);
    closeSegment();
    const whole = await source.resource('segment-0.m4s');
    expect(whole).toMatchObject({ kind: 'media', byteLength: 10 });
    const ranged = await source.resource('segment-0.m4s', { range: 'bytes=2-4' });
    expect(ranged).toMatchObject({ byteLength: 3, range: { start: 2, end: 4, totalBytes: 10 } });
    const read =
      ranged.kind === 'media' && ranged.body instanceof Uint8Array
        ? []
        : (ranged as { body: AsyncIterable<Buffer> }).body;
    const chunks: Buffer[] = [];
    for await (const chunk of read) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('234');
    expect(await source.resource('segment-0.m4s', { range: 'bytes=10-' })).toEqual({
      kind: 'range-not-satisfiable',
      totalBytes: 10,
    });
    if (whole.kind === 'media' && !(whole.body instanceof Uint8Array)) whole.body.destroy();
  });

  test.each([
    '../secret',
    'segment-.m4s',
    'segment-1.mp4',
    'init-1.m4s',
    'part-1.m4s',
    'segment-1.m4s/..',
    '',
  ])('the name %j is none of ours', async (name) => {
    expect(parseResourceName(name)).toBeNull();
    expect(await source.resource(name)).toEqual({ kind: 'not-found' });
  });
});

test.each([
  [undefined, 'whole'],
  ['bytes=0-', { start: 0, end: 9 }],
  ['bytes=3-5', { start: 3, end: 5 }],
  ['bytes=3-500', { start: 3, end: 9 }],
  ['bytes=-4', { start: 6, end: 9 }],
  ['bytes=-400', { start: 0, end: 9 }],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=10-', 'unsatisfiable'],
  ['bytes=5-3', 'whole'],
  ['bytes=0-1,4-5', 'whole'],
  ['lines=1-2', 'whole'],
] as const)('range %j of ten bytes', (header, expected) => {
  expect(parseByteRange(header, 10)).toEqual(expected);
});

test('a segment whose parts are in memory is served from there, whole or a range, and later from the disk', async () => {
  for (const index of [0, 1]) addPart(index);
  const { parts } = timeline.open!;
  closeSegment();
  timeline.recentParts.set(0, parts);
  const whole = await source.resource('segment-0.m4s');
  expect(whole).toMatchObject({ kind: 'media', body: Buffer.from('part 0part 1'), byteLength: 12 });
  const ranged = await source.resource('segment-0.m4s', { range: 'bytes=6-9' });
  expect(ranged).toMatchObject({ body: Buffer.from('part'), range: { start: 6, end: 9, totalBytes: 12 } });
  for (const part of parts) source.forgetPart(part);
  timeline.recentParts.delete(0);
  expect(await source.resource('segment-0.m4s')).toMatchObject({ kind: 'media', byteLength: 10 });
});
