/** What the camera is sent as, the best first. Bits a second; `scale` divides width and height. */
export const PICTURE_STEPS = [
  { name: 'clear', maxBitrate: 1_500_000, scale: 1, framesPerSecond: 30 },
  { name: 'reduced', maxBitrate: 600_000, scale: 1.5, framesPerSecond: 24 },
  { name: 'saving', maxBitrate: 250_000, scale: 3, framesPerSecond: 15 },
] as const;

export type PictureStepName = (typeof PICTURE_STEPS)[number]['name'];

/** Where the picture stands on the steps, and for how many looks (one a second) the line has been better or worse. */
export interface StepState {
  step: number;
  poorLooks: number;
  goodLooks: number;
  /** How many good looks a step up needs now: one that was taken back at once makes it longer. */
  patience: number;
}

/** A line finds its rate within some seconds of its beginning: so long a weakness is no beginning. */
export const POOR_LOOKS = 6;
const FIRST_PATIENCE = 10;
const LONGEST_PATIENCE = 80;
const POOR_SHARE = 0.75;
const GOOD_SHARE = 1.4;
const POOR_LOSS = 0.1;

export const FIRST_STEP: StepState = { step: 0, poorLooks: 0, goodLooks: 0, patience: FIRST_PATIENCE };

/** What one look at the line tells. `availableBits`: what it carries beside everything else that is sent; undefined where the browser does not say. */
export interface LineReading {
  availableBits: number | undefined;
  /** Share of packets that did not arrive, 0 to 1. */
  lossShare: number;
  /** The encoder is held back by the line; false where a busy machine is why, undefined where the browser does not say. */
  heldBack?: boolean;
}

/** The state after one more look. */
export function nextStep(state: StepState, line: LineReading): StepState {
  const { maxBitrate } = PICTURE_STEPS[state.step] ?? PICTURE_STEPS[0];
  const available = line.availableBits ?? maxBitrate * GOOD_SHARE;
  // A machine that is too busy to encode sends little as well, and its estimate of the line stays low.
  const narrow = line.heldBack !== false && available < maxBitrate * POOR_SHARE;
  const poor = line.lossShare > POOR_LOSS || narrow;
  const good = line.lossShare < POOR_LOSS / 4 && available >= maxBitrate * GOOD_SHARE;
  const poorLooks = poor ? state.poorLooks + 1 : 0;
  const goodLooks = good ? state.goodLooks + 1 : 0;
  if (poorLooks >= POOR_LOOKS && state.step < PICTURE_STEPS.length - 1)
    return { ...FIRST_STEP, step: state.step + 1, patience: Math.min(LONGEST_PATIENCE, state.patience * 2) };
  if (goodLooks >= state.patience && state.step > 0)
    return { ...state, step: state.step - 1, poorLooks: 0, goodLooks: 0 };
  // A step that holds for long is trusted again.
  const patience = state.step === 0 && goodLooks > LONGEST_PATIENCE ? FIRST_PATIENCE : state.patience;
  return { ...state, poorLooks, goodLooks, patience };
}

/**
 * The sizes in which a camera is sent. Two where the machine can encode twice and the picture is large enough for a
 * small one to save something; a phone encodes one.
 */
export function cameraEncodings(about: { height: number; cores: number; isPhone: boolean }) {
  const whole = { maxBitrate: PICTURE_STEPS[0].maxBitrate };
  if (about.isPhone || about.cores < 4 || about.height < 540) return [whole];
  return [
    { scaleResolutionDownBy: 3, maxBitrate: 180_000 },
    { scaleResolutionDownBy: 1, ...whole },
  ];
}
