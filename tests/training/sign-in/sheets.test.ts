import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actor } from '../../../server/platform/access/actor.ts';
import type { Hub } from '../../../server/hub.ts';
import { actorOf, COUNTY, openRun } from '../../support/classroom.ts';
import { openTestHub, type TestHub } from '../../support/open-test-hub.ts';
import { signInAs } from '../../support/sign-in-as.ts';
import { SMALL_PNG } from '../../support/small-png.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-25T01:00:00.000Z');

let t: TestHub;
let hub: Hub;
let trainer: Actor;
let nowMs = START;

beforeAll(async () => {
  t = await openTestHub({ clock: { now: () => nowMs } });
  hub = t.hub;
  trainer = await actorOf(hub, { roles: [['trainer', COUNTY]] });
});
afterAll(() => t.close());

async function classOf(count: number) {
  nowMs = START - HOUR;
  const run = await openRun(hub, trainer, { startsAtMs: START });
  const people: Actor[] = [];
  for (let n = 0; n < count; n += 1) {
    people.push(await actorOf(hub));
    await hub.training.enrol(people[n], run.id);
  }
  return { run, session: run.sessions[0]!, people };
}
/** The same picture with a camera's words in it. */
function withText(text: string): Buffer {
  const chunk = Buffer.concat([Buffer.alloc(4), Buffer.from(`tEXt${text}`, 'latin1'), Buffer.alloc(4)]);
  chunk.writeUInt32BE(text.length, 0);
  return Buffer.concat([SMALL_PNG.subarray(0, 33), chunk, SMALL_PNG.subarray(33)]);
}

it('is printed of who is enrolled, masked, and found again by its code', async () => {
  const { run, session } = await classOf(2);
  const sheet = await hub.training.printSheet(trainer, session.id);
  expect(sheet.code).toMatch(/^[A-Z3-9]{8}$/);
  expect(sheet.lines.map(({ number, name, regionName }) => [number, name, regionName])).toEqual([
    [1, '岩*亮', '芒市'],
    [2, '岩*亮', '芒市'],
  ]);
  expect((await hub.training.printSheet(trainer, session.id)).code).toBe(sheet.code);
  await hub.training.enrol(await actorOf(hub), run.id);
  const next = await hub.training.printSheet(trainer, session.id);
  expect(next.code).not.toBe(sheet.code);
  expect(next.others.map((other) => other.code)).toEqual([sheet.code]);
  expect((await hub.training.readSheet(trainer, sheet.code)).lines).toHaveLength(2);
});

it('is entered with its photo as evidence, which keeps nothing of the camera', async () => {
  const { run, session, people } = await classOf(3);
  const { code } = await hub.training.printSheet(trainer, session.id);
  const owner = await signInAs(hub, { roles: [['administrator', COUNTY]] });
  const upload = (body: Buffer) =>
    hub.app.request(`/api/sheets/${code}/photos`, {
      method: 'POST',
      headers: { Cookie: owner.cookie, 'Content-Type': 'image/png' },
      body: new Uint8Array(body),
    });
  expect((await upload(Buffer.from('<svg onload=alert(1)>'))).status).toBe(415);
  const taken = await upload(withText('GPS\0 24.43 98.58'));
  expect(taken.status).toBe(201);
  const photo = (await taken.json()) as { id: string; sha256: string };
  expect(await (await upload(SMALL_PNG)).json()).toMatchObject({ id: photo.id });
  const kept = await readFile(join(t.dataDir, 'sheets', photo.sha256.slice(0, 2), photo.sha256));
  expect(kept.equals(SMALL_PNG)).toBe(true);
  expect(await readdir(join(t.dataDir, 'sheets', photo.sha256.slice(0, 2)))).toHaveLength(1);

  const marks = [
    { number: 1, signedIn: true, signedOut: false },
    { number: 2, signedIn: true, signedOut: true },
  ];
  const enter = (input: Parameters<Hub['training']['enterSheet']>[2]) =>
    hub.training.enterSheet(trainer, code, input);
  await expect(enter({ photoId: photo.id, marks })).rejects.toMatchObject({ code: 'sign-in.not-open' });
  nowMs = START + 2 * HOUR;
  await expect(enter({ photoId: 'another', marks })).rejects.toMatchObject({
    fields: [{ path: 'photoId' }],
  });
  const beyond = [{ number: 4, signedIn: true, signedOut: false }];
  await expect(enter({ photoId: photo.id, marks: beyond })).rejects.toMatchObject({
    fields: [{ path: 'marks.0.number' }],
  });
  const sheet = await enter({ photoId: photo.id, marks });
  expect(sheet.lines.map((line) => line.signedBy)).toEqual(['paper', 'paper', null]);

  const auditor = await actorOf(hub, { roles: [['auditor', COUNTY]] });
  const roster = await hub.training.readRoster(auditor, run.id, 1);
  const marksOf = roster.items.map((line) => line.marks[0]!);
  expect(marksOf.map(({ state, method }) => [state, method])).toEqual([
    ['attended', 'paper'],
    ['attended', 'paper'],
    ['absent', null],
  ]);
  expect(marksOf[0]).toMatchObject({ sheetPhotoId: photo.id, flags: [{ kind: 'before-opening' }] });
  const seen = await hub.training.readSheetPhoto(auditor, photo.id);
  expect(seen.mediaType).toBe('image/png');
  const neighbour = await actorOf(hub, { roles: [['auditor', '533124']] });
  await expect(hub.training.readSheetPhoto(neighbour, photo.id)).rejects.toMatchObject({
    code: 'access.denied',
  });
  await expect(hub.training.readSheetPhoto(people[0], photo.id)).rejects.toMatchObject({
    code: 'access.denied',
  });
});
