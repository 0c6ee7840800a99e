import { z } from 'zod';
import { ASSET_NAME } from './asset-name.ts';

/** A name that stays while titles change: of a course, a lesson, a question, an option. */
export const key = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);

export const assetName = z.string().min(1).max(120).regex(ASSET_NAME);

/** `why` is told to whoever chose this option wrongly. */
const option = z.strictObject({
  key,
  text: z.string().trim().min(1).max(200),
  why: z.string().trim().min(1).max(400).optional(),
});

const common = {
  key,
  prompt: z.string().trim().min(1).max(600),
  picture: assetName.optional(),
  /** Why the right answer is right: told with a wrong answer, after handing in. */
  explanation: z.string().trim().min(1).max(800),
  points: z.int().min(1).max(100).default(1),
};

const options = z.array(option).min(2).max(8);

export const question = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('single'), ...common, options, answer: key }),
  /** Right when exactly the answers are chosen. */
  z.strictObject({ kind: z.literal('multiple'), ...common, options, answers: z.array(key).min(1).max(8) }),
  z.strictObject({ kind: z.literal('true-false'), ...common, answer: z.boolean() }),
  /** The items stand in the right order. */
  z.strictObject({ kind: z.literal('order'), ...common, items: options }),
  /** Right within `tolerance` on either side. */
  z.strictObject({
    kind: z.literal('number'),
    ...common,
    answer: z.number(),
    tolerance: z.number().min(0).default(0),
    unit: z.string().trim().max(12).optional(),
  }),
]);

export const surveyQuestion = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('choice'),
    key,
    prompt: common.prompt,
    options,
    many: z.boolean().default(false),
  }),
  /** 1 (worst) to 5 (best). */
  z.strictObject({ kind: z.literal('rating'), key, prompt: common.prompt }),
  z.strictObject({ kind: z.literal('text'), key, prompt: common.prompt }),
]);

export type Question = z.infer<typeof question>;
export type SurveyQuestion = z.infer<typeof surveyQuestion>;
