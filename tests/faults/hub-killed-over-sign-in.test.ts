import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeClassPeople, openClassNow } from '../support/class-now.ts';
import { serveHub, type ServedHub } from '../support/serve-hub.ts';
import type { Someone } from '../support/sign-in-as.ts';

const TRAINEES = 150;
/** So many have their answer when the hub is killed. */
const ANSWERED = 40;

let hub: ServedHub;
beforeAll(async () => {
  hub = await serveHub();
});
afterAll(() => hub?.close());

interface Line {
  personId: string;
  attended: boolean;
  signedInAt: string | null;
}

it('keeps every sign-in that was answered, and doubles none that is sent again', async () => {
  await hub.stop();
  const people = await makeClassPeople(hub.dataDir, TRAINEES);
  await hub.start();
  const room = await openClassNow(hub.origin, people);
  const token = await room.readToken();
  const send = (who: Someone) =>
    fetch(`${hub.origin}/api/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: who.cookie },
      body: JSON.stringify({ token }),
    });
  async function readRoll(): Promise<Line[]> {
    const lines: Line[] = [];
    for (const page of [1, 2]) {
      const path = `/api/sessions/${room.sessionId}/roll?page=${page}`;
      const response = await fetch(hub.origin + path, { headers: { cookie: people.trainer.cookie } });
      lines.push(...((await response.json()) as { items: Line[] }).items);
    }
    return lines;
  }

  const answered = new Map<string, string>();
  let killed: Promise<void> | undefined;
  await Promise.allSettled(
    people.trainees.map(async (who) => {
      const response = await send(who);
      const { signedAt } = (await response.json()) as { signedAt: string };
      answered.set(who.personId, signedAt);
      if (answered.size >= ANSWERED) killed ??= hub.kill();
    }),
  );
  await killed;
  // The kill came in the middle: some have an answer, some have none.
  expect(answered.size).toBeGreaterThanOrEqual(ANSWERED);
  expect(answered.size).toBeLessThan(TRAINEES);
  await hub.start();

  const after = new Map((await readRoll()).map((line) => [line.personId, line]));
  expect(after.size).toBe(TRAINEES);
  for (const [personId, signedAt] of answered)
    expect(after.get(personId)).toMatchObject({ attended: true, signedInAt: signedAt });
  // A signature and its attendance stand together or not at all.
  for (const line of after.values())
    expect([line.attended, line.signedInAt !== null]).not.toContain(!line.attended);

  const again = await Promise.all(
    people.trainees.map(async (who) => (await (await send(who)).json()) as { again: boolean }),
  );
  const kept = again.filter((one) => one.again).length;
  expect(kept).toBe([...after.values()].filter((line) => line.attended).length);
  expect(await room.count()).toEqual({ signedIn: TRAINEES, attended: TRAINEES });
}, 60_000);
