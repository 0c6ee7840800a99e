import type { Answer, AskedQuestion } from '../../../courses/model/quiz.ts';

export type Given = Record<string, Answer>;

/** What a question shows as answered: an order stands as it was given until something is moved. */
export function isAnswered(question: AskedQuestion, given: Given): boolean {
  const answer = given[question.key];
  return answer !== undefined && !(Array.isArray(answer) && answer.length === 0);
}

/** An option ticked or not, the others as they were. */
export function ticked(question: AskedQuestion, given: Given, key: string, on: boolean): string[] {
  const before = given[question.key];
  const chosen = new Set(Array.isArray(before) ? before : []);
  if (on) chosen.add(key);
  else chosen.delete(key);
  return question.options.map((option) => option.key).filter((one) => chosen.has(one));
}

/** The order as it stands: as given, else as asked. */
export function orderOf(question: AskedQuestion, given: Given): string[] {
  const answer = given[question.key];
  return Array.isArray(answer) ? answer : question.options.map(({ key }) => key);
}

/** With the item at `from` one place further up or down. */
export function moved(order: readonly string[], from: number, by: 1 | -1): string[] {
  const next = [...order];
  const to = from + by;
  if (next[from] === undefined || next[to] === undefined) return next;
  [next[from], next[to]] = [next[to], next[from]];
  return next;
}

/** An answer in words, for whoever looks at it afterwards. */
export function answerWords(
  question: AskedQuestion,
  answer: Answer | undefined,
  words: { yes: string; no: string },
): string | null {
  if (answer === undefined) return null;
  if (typeof answer === 'boolean') return answer ? words.yes : words.no;
  if (typeof answer === 'number') return `${answer}${question.unit ?? ''}`;
  const keys = Array.isArray(answer) ? answer : [answer];
  const texts = keys.map((key) => question.options.find((option) => option.key === key)?.text ?? key);
  return texts.length === 0 ? null : texts.join(question.kind === 'order' ? ' → ' : '；');
}
