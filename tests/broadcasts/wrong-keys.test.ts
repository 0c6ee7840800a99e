import { expect, test } from 'vitest';
import { openWrongKeys } from '../../server/broadcasts/wrong-keys.ts';

function openAt(start = 0) {
  let now = start;
  const keys = openWrongKeys({ now: () => now });
  return { keys, pass: (minutes: number) => (now += minutes * 60_000) };
}

test('an old key tried for ever counts once, and makes nobody wait', () => {
  const { keys, pass } = openAt();
  for (let n = 0; n < 500; n += 1) {
    keys.note('10.0.0.1', 'old');
    pass(1);
  }
  expect([keys.isKnown('10.0.0.1', 'old'), keys.isMany('10.0.0.1')]).toEqual([true, false]);
  expect(keys.isKnown('10.0.0.2', 'old')).toBe(false);
});

test('many different ones are many, until they are forgotten', () => {
  const { keys, pass } = openAt();
  for (let n = 0; n < 29; n += 1) keys.note('10.0.0.1', `k${n}`);
  expect(keys.isMany('10.0.0.1')).toBe(false);
  keys.note('10.0.0.1', 'k29');
  expect([keys.isMany('10.0.0.1'), keys.isMany('10.0.0.2')]).toEqual([true, false]);
  pass(16);
  expect([keys.isMany('10.0.0.1'), keys.isKnown('10.0.0.1', 'k3')]).toEqual([false, false]);
});

test('what is remembered is bounded', () => {
  const { keys } = openAt();
  keys.note('first', 'k');
  for (let n = 0; n < 10_000; n += 1) keys.note(`a${n}`, 'k');
  expect([keys.isKnown('first', 'k'), keys.isKnown('a9999', 'k')]).toEqual([false, true]);
});
