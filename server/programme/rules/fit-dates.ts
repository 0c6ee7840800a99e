import type { Period } from './person-times.ts';

const DAY_MS = 86_400_000;

const dayNumber = (day: string): number => Date.parse(day) / DAY_MS;
const dayText = (number: number): string => new Date(number * DAY_MS).toISOString().slice(0, 10);

/**
 * Moves a day of a catalogue programme to where it lies in the copy's own period: in the same proportion, or counted
 * back from the end where the document names no start. A programme copied to its own dates keeps every day.
 */
export function moveDay(day: string, from: { startsOn: string | null; endsOn: string }, to: Period): string {
  const end = dayNumber(to.endsOn);
  const start = dayNumber(to.startsOn);
  const fromEnd = dayNumber(from.endsOn);
  const stretch = from.startsOn === null ? 1 : (end - start) / (fromEnd - dayNumber(from.startsOn));
  const moved = end - Math.round((fromEnd - dayNumber(day)) * stretch);
  return dayText(Math.min(end, Math.max(start, moved)));
}
