import { expect, it } from 'vitest';
import {
  cameraEncodings,
  FIRST_STEP,
  nextStep,
  PICTURE_STEPS,
  POOR_LOOKS,
  type LineReading,
  type StepState,
} from '../../../web/lib/live/picture-steps.ts';

const carries = (kilobits: number, lossShare = 0): LineReading => ({
  availableBits: kilobits * 1000,
  lossShare,
});
function after(looks: [count: number, line: LineReading][], from: StepState = FIRST_STEP): StepState {
  let state = from;
  for (const [count, line] of looks)
    for (let look = 0; look < count; look += 1) state = nextStep(state, line);
  return state;
}

it.each([
  ['a good line', [[60, carries(4_000)]], 'clear'],
  [
    'a line that finds its rate',
    [
      [POOR_LOOKS - 1, carries(300)],
      [10, carries(3_000)],
    ],
    'clear',
  ],
  ['a browser that tells nothing', [[60, { availableBits: undefined, lossShare: 0 }]], 'clear'],
  ['a machine that is too busy', [[60, { ...carries(300), heldBack: false }]], 'clear'],
  ['a narrow line', [[POOR_LOOKS, carries(700)]], 'reduced'],
  ['a wide line that loses', [[POOR_LOOKS, carries(4_000, 0.2)]], 'reduced'],
  ['a line for sound only', [[2 * POOR_LOOKS, carries(100)]], 'saving'],
  ['the worst there is', [[100, carries(50, 0.5)]], 'saving'],
  [
    'better for long enough',
    [
      [POOR_LOOKS, carries(700)],
      [20, carries(900)],
    ],
    'clear',
  ],
  [
    'better for a moment',
    [
      [POOR_LOOKS, carries(700)],
      [5, carries(900)],
      [5, carries(700)],
    ],
    'reduced',
  ],
] as [string, [number, LineReading][], string][])('sends for %s', (_, looks, name) => {
  expect(PICTURE_STEPS[after(looks).step]?.name).toBe(name);
});

it('is slower to believe a line that let it down after each step up', () => {
  const down = after([[POOR_LOOKS, carries(700)]]);
  const again = after(
    [
      [down.patience, carries(900)],
      [POOR_LOOKS, carries(700)],
    ],
    down,
  );
  expect(again).toMatchObject({ step: 1, patience: down.patience * 2 });
});

it.each([
  ['a desk', { height: 720, cores: 8, isPhone: false }, 2],
  ['a phone', { height: 720, cores: 8, isPhone: true }, 1],
  ['a weak desk', { height: 720, cores: 2, isPhone: false }, 1],
  ['a small picture', { height: 360, cores: 8, isPhone: false }, 1],
])('sends as many sizes as help: %s', (_, about, sizes) => {
  expect(cameraEncodings(about)).toHaveLength(sizes);
});
