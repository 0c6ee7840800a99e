import { instantOfField } from '#lib/format/date.ts';
import { number, text, type Typed } from '#lib/forms/answer.ts';

const MINUTE_MS = 60_000;

/** A session as the API wants it. Instants are ISO text. */
export interface SessionInput {
  title: string;
  startsAt: string;
  endsAt: string;
  place?: string;
  thresholdMinutes: number;
}

/** The rows of the form (`sessions.0.startsAt` …), those without a beginning left out. A length that is no number ends at the start, which the API refuses. */
export function sessionsTyped(typed: Typed, runTitle: string): SessionInput[] {
  const rows = new Set(Object.keys(typed).flatMap((name) => /^sessions\.(\d+)\./.exec(name)?.[1] ?? []));
  const filled = [...rows].filter((row) => text(typed, `sessions.${row}.startsAt`) !== '');
  return filled.map((row, index) => {
    const at = (name: string) => `sessions.${row}.${name}`;
    const startsAt = instantOfField(text(typed, at('startsAt'))) ?? '';
    const minutes = number(typed, at('minutes')) || 0;
    const endsAt = startsAt && new Date(Date.parse(startsAt) + minutes * MINUTE_MS).toISOString();
    const fallback = filled.length === 1 ? runTitle : `${runTitle} ${index + 1}`;
    return {
      title: (text(typed, at('title')) || fallback).slice(0, 80),
      startsAt,
      endsAt,
      place: text(typed, at('place')) || undefined,
      thresholdMinutes: number(typed, at('thresholdMinutes')) ?? Math.max(1, Math.round(minutes * 0.6)),
    };
  });
}
