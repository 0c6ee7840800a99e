import { describe, expect, test } from 'vitest';
import type { Layout, Source, StageWish } from '../../media/contract.ts';
import { afterFact } from '../../media/liveness.ts';
import { decideAdmission } from '../../media/process/admission.ts';
import { CpuBudget } from '../../media/process/cpu-budget.ts';
import { busyBetween } from '../../media/process/cpu-load.ts';
import { beginsSegment } from '../../media/recording/segment-rules.ts';
import {
  initKey,
  isSafeId,
  parseInitFile,
  parseSegmentFile,
  segmentKey,
} from '../../media/recording/storage-keys.ts';
import { Backoff } from '../../media/tap/backoff.ts';
import { chooseSources, type Candidate } from '../../media/tap/choose-sources.ts';

describe('the state of a broadcast', () => {
  const stopped = { kind: 'stopped', reason: 'silence' } as const;
  test.each([
    ['waiting', { kind: 'part' }, 'live', 'live'],
    ['waiting', stopped, 'waiting', null],
    ['waiting', { kind: 'end' }, 'ended', 'ended'],
    ['live', { kind: 'part' }, 'live', null],
    ['live', stopped, 'interrupted', 'interrupted'],
    ['live', { kind: 'end' }, 'ended', 'ended'],
    ['interrupted', { kind: 'part' }, 'live', 'resumed'],
    ['interrupted', stopped, 'interrupted', null],
    ['interrupted', { kind: 'end' }, 'ended', 'ended'],
    ['ended', { kind: 'part' }, 'ended', null],
    ['ended', stopped, 'ended', null],
    ['ended', { kind: 'end' }, 'ended', null],
  ] as const)('%s + %o → %s, %s', (state, fact, next, news) => {
    expect(afterFact(state, fact)).toEqual({ state: next, news });
  });
});

describe('what is recorded', () => {
  /** `ann.cam`: the camera of ann; `ben.mic`, `ann.screen`, `ann.tab` (the sound of her screen). */
  const one = (producerId: string, change: Partial<Candidate> = {}): Candidate => {
    const [peerId, device] = producerId.split('.') as [string, string];
    const source = { cam: 'camera', mic: 'microphone', screen: 'screen', tab: 'screen-sound' }[device];
    const kind = device === 'mic' || device === 'tab' ? 'audio' : 'video';
    return { producerId, peerId, kind, source: source as Source, paused: false, stale: false, ...change };
  };
  const wish = (layout: Layout, ...pictures: string[]): StageWish => ({
    layout,
    pictures: pictures.map((name) => {
      const { peerId, source } = one(name);
      return { peerId, source: source as 'camera' | 'screen' };
    }),
  });
  const chosen = (candidates: Candidate[], wished: StageWish) => {
    const { pictures, ...rest } = chooseSources(candidates, wished);
    return { ...rest, pictures: pictures.map(({ producerId }) => producerId) };
  };
  const nothing = { layout: 'one', pictures: [], sounds: [], lacking: null, picture: 'plain' } as const;

  test.each([
    ['nobody', [], { picture: 'none' }],
    [
      'camera and microphone',
      [one('ann.cam'), one('ann.mic')],
      { pictures: ['ann.cam'], sounds: ['ann.mic'], picture: 'camera' },
    ],
    [
      'a screen after the camera',
      [one('ann.cam'), one('ann.screen')],
      { pictures: ['ann.screen'], picture: 'camera' },
    ],
    ['sound alone', [one('ann.mic')], { sounds: ['ann.mic'] }],
    [
      'two who speak and a screen',
      [one('ann.mic'), one('ben.mic'), one('ann.tab')],
      { sounds: ['ann.mic', 'ben.mic', 'ann.tab'] },
    ],
    ['camera off', [one('ann.cam', { paused: true }), one('ann.mic')], { sounds: ['ann.mic'] }],
    ['all muted: a break', [one('ann.cam', { paused: true }), one('ann.mic', { paused: true })], {}],
    ['the camera hangs', [one('ann.cam', { stale: true }), one('ann.mic')], { sounds: ['ann.mic'] }],
    ['all silent', [one('ann.cam', { stale: true }), one('ann.mic', { stale: true })], { picture: 'none' }],
    [
      'muted and then gone',
      [one('ann.cam', { stale: true }), one('ann.mic', { paused: true })],
      { picture: 'none' },
    ],
    [
      'the newer one hangs',
      [one('ann.cam'), one('ben.cam', { stale: true })],
      { pictures: ['ann.cam'], picture: 'camera' },
    ],
  ] as const)('without a stage: %s', (_, candidates, expected) => {
    expect(chosen([...candidates], wish('one'))).toEqual({ ...nothing, ...expected });
  });

  const all = [one('ann.cam'), one('ben.cam'), one('ann.screen')];
  test.each([
    ['one', wish('one', 'ben.cam', 'ann.cam'), all, 'one', ['ben.cam'], null],
    [
      "the order is the host's",
      wish('side-by-side', 'ben.cam', 'ann.cam'),
      all,
      'side-by-side',
      ['ben.cam', 'ann.cam'],
      null,
    ],
    [
      'teacher in the corner',
      wish('picture-in-picture', 'ann.screen', 'ann.cam'),
      all,
      'picture-in-picture',
      ['ann.screen', 'ann.cam'],
      null,
    ],
    [
      'one has not come yet',
      wish('side-by-side', 'ben.cam', 'eve.cam'),
      all,
      'one',
      ['ben.cam'],
      'not-published',
    ],
    [
      'one of three has not',
      wish('side-by-side', 'ben.cam', 'eve.cam', 'ann.cam'),
      all,
      'side-by-side',
      ['ben.cam', 'ann.cam'],
      'not-published',
    ],
    ['the large one has not', wish('one', 'eve.cam', 'ben.cam'), all, 'one', ['ben.cam'], 'not-published'],
    [
      'none of them is there',
      wish('side-by-side', 'eve.cam', 'eve.screen'),
      all,
      'one',
      ['ann.screen'],
      'not-published',
    ],
    ['the same one twice', wish('side-by-side', 'ben.cam', 'ben.cam'), all, 'one', ['ben.cam'], null],
    ['layout without pictures', wish('side-by-side'), all, 'one', ['ann.screen'], null],
    [
      'a newer camera of the same person',
      wish('one', 'ann.cam'),
      [...all, one('ann.cam', { producerId: 'ann.cam2' })],
      'one',
      ['ann.cam2'],
      null,
    ],
  ] as const)('on stage: %s', (_, wished, candidates, layout, pictures, lacking) => {
    expect(chosen([...candidates], wished)).toMatchObject({ layout, pictures, lacking, picture: 'camera' });
  });
});

describe('who may encode', () => {
  const calm = {
    budgetCores: 1.5,
    machineCores: 2,
    busyCores: 0.3,
    startingCores: 0,
    liveCores: 0,
    backgroundCores: 0,
  };
  test.each([
    ['room', 'live', 0.8, {}, { admitted: true, yieldCores: 0 }],
    ['never', 'live', 0.1, { budgetCores: 0 }, { admitted: false }],
    ['others are live', 'live', 0.8, { liveCores: 0.8 }, { admitted: false }],
    [
      'an upload gives way',
      'live',
      0.8,
      { backgroundCores: 1, busyCores: 1.3 },
      { admitted: true, yieldCores: 0.3 },
    ],
    ['an upload waits', 'background', 0.8, { liveCores: 0.8 }, { admitted: false }],
    ['an upload waits for another', 'background', 0.8, { backgroundCores: 1 }, { admitted: false }],
    ['the machine is busy with other things', 'live', 0.8, { busyCores: 1.2 }, { admitted: false }],
    [
      'what was just admitted does not show yet',
      'live',
      0.6,
      { liveCores: 0.8, startingCores: 0.8, busyCores: 0.6 },
      { admitted: false },
    ],
  ] as const)('%s', (_, priority, cores, change, expected) => {
    const decision = decideAdmission({ priority, cores }, { ...calm, ...change });
    if (decision.admitted) decision.yieldCores = Math.round(decision.yieldCores * 100) / 100;
    else expect(decision.reason).toMatch(/^it needs [\d.]+ of a core/);
    expect(decision).toMatchObject(expected);
  });

  test('a background encoder is told once to give way, and what is released can be had again', () => {
    const budget = new CpuBudget({ cores: 1, busyCores: () => 0 });
    const yielded: string[] = [];
    const upload = { what: 'an upload', cores: 0.8, priority: 'background' } as const;
    const layout = { what: 'a layout', cores: 0.7, priority: 'live' } as const;
    expect(budget.admit(upload, () => yielded.push('upload')).admitted).toBe(true);
    const first = budget.admit(layout);
    expect(yielded).toEqual(['upload']);
    expect(budget.admit(layout).admitted).toBe(false);
    expect(budget.admit(upload).admitted).toBe(false);
    if (first.admitted) first.release();
    expect(budget.reserved).toEqual([]);
    expect(budget.admit(layout).admitted).toBe(true);
    expect(yielded).toEqual(['upload']);
    budget.close();
  });

  test('the measured load is what was not idle', () => {
    expect(busyBetween({ idleMs: 100, totalMs: 1000 }, { idleMs: 1100, totalMs: 5000 }, 2)).toBe(1.5);
    expect(busyBetween({ idleMs: 100, totalMs: 1000 }, { idleMs: 100, totalMs: 1000 }, 2)).toBe(0);
  });
});

test.each([
  ['first of all', { openMs: null, keyframe: false }, true],
  ['keyframe', { openMs: 2000, keyframe: true }, true],
  ['keyframe of a viewer who joined', { openMs: 900, keyframe: true }, true],
  ['keyframe right after another', { openMs: 300, keyframe: true }, false],
  ['no keyframe for long', { openMs: 3200, keyframe: false }, true],
  ['no keyframe yet', { openMs: 3000, keyframe: false }, false],
])('a segment begins: %s', (_, facts, expected) => {
  expect(beginsSegment({ fragmentMs: 280, targetSeconds: 3, ...facts })).toBe(expected);
});

test('names of files carry what a lost row would', () => {
  const key = segmentKey('b-1', { sequence: 12, initIndex: 3, startMs: 1_795_318_531_153.4 });
  expect(key).toBe('broadcasts/b-1/segment-000012-3-1795318531153.m4s');
  expect(parseSegmentFile(key.split('/').at(-1)!)).toEqual({
    sequence: 12,
    initIndex: 3,
    startMs: 1_795_318_531_153,
  });
  expect(parseInitFile(initKey('b-1', 3).split('/').at(-1)!)).toEqual({ initIndex: 3 });
  expect(parseInitFile(initKey('b-1', 3, '240p').split('/').at(-1)!)).toEqual({
    rendition: '240p',
    initIndex: 3,
  });
  expect(parseSegmentFile('joined-0.mp4')).toBeNull();
  expect(['a', '0190-x_Y'].every(isSafeId)).toBe(true);
  expect(['', '..', 'a/b', 'a b', '一'].some(isSafeId)).toBe(false);
});

test('what dies is started at once, then more and more slowly, and at once again after a healthy while', () => {
  const backoff = new Backoff();
  const delays = [0, 100, 400, 1000].map((now) => {
    backoff.started(now);
    return backoff.died(now) - now;
  });
  expect(delays).toEqual([0, 250, 500, 1000]);
  backoff.started(10_000);
  expect(backoff.died(30_000) - 30_000).toBe(0);
});
