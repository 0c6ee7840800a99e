import ICAL from 'ical.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../server/platform/access/actor.ts';
import { writeCalendar } from '../../server/training/icalendar.ts';
import { openRun } from '../support/classroom.ts';
import { openTestHub, type TestHub } from '../support/open-test-hub.ts';
import { signInAs, type Someone } from '../support/sign-in-as.ts';

/** What another program makes of a calendar. */
function parse(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
  return calendar.getAllSubcomponents('vevent').map((component) => {
    const event = new ICAL.Event(component);
    return {
      ...{ uid: event.uid, summary: event.summary, location: event.location },
      startsAt: event.startDate.toJSDate().toISOString(),
      endsAt: event.endDate.toJSDate().toISOString(),
    };
  });
}

it('is read by others as it was meant, however long and odd its words', () => {
  const title = `${'直播开店、选品与话术；'.repeat(12)}\\ a,b;c\n第二行 😀`;
  const one = { id: 'x', title, startsAt: '2026-11-25T16:30:00.000Z', endsAt: '2026-11-25T18:00:00.000Z' };
  const text = writeCalendar(
    '乡播',
    [{ ...one, place: '勐戛镇, 三楼', address: 'https://hub/runs/1' }],
    one.startsAt,
  );
  expect(parse(text)).toEqual([
    {
      ...{ uid: 'x@xiangbo', summary: title, location: '勐戛镇, 三楼' },
      ...{ startsAt: one.startsAt, endsAt: one.endsAt },
    },
  ]);
  const lines = text.split('\r\n');
  expect(lines.filter((line) => Buffer.byteLength(line) > 75 || line.includes('\n'))).toEqual([]);
});

describe('the address of a calendar', () => {
  let t: TestHub;
  let someone: Someone;
  let trainer: Actor;
  beforeAll(async () => {
    t = await openTestHub();
    someone = await signInAs(t.hub, {});
    const teaching = await signInAs(t.hub, { roles: [['trainer', '533103']] });
    trainer = { ...teaching, grants: [{ role: 'trainer', regionCode: '533103' }] };
  });
  afterAll(() => t.close());
  const mine = (method: string) => t.ask(method, '/api/me/calendar', { cookie: someone.cookie });
  const make = async () => ((await (await mine('POST')).json()) as { path: string }).path;

  it('shows the classes one is enrolled in and those one gives, to whoever has it', async () => {
    const startsAtMs = Date.parse('2026-12-01T01:00:00Z');
    const run = await openRun(t.hub, trainer, { sessions: 2, startsAtMs });
    const path = await make();
    expect(parse(await (await t.ask('GET', path)).text())).toEqual([]);
    await t.hub.training.enrol({ ...someone, grants: [] }, run.id);
    const response = await t.ask('GET', path);
    expect(response.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    const classes = parse(await response.text());
    expect(classes.map((one) => [one.uid, one.startsAt])).toEqual(
      run.sessions.map((session) => [`${session.id}@xiangbo`, session.startsAt]),
    );
    const { path: own } = await t.hub.training.makeCalendarFeed(trainer);
    expect(parse(await (await t.ask('GET', own)).text())).toHaveLength(2);
  });

  it('stops when it is replaced or given up, and is no other', async () => {
    const first = await make();
    const second = await make();
    expect((await t.ask('GET', first)).status).toBe(404);
    expect((await t.ask('GET', second)).status).toBe(200);
    expect((await mine('DELETE')).status).toBe(204);
    expect((await t.ask('GET', second)).status).toBe(404);
    expect(await (await mine('GET')).json()).toEqual({ createdAt: null });
    expect((await t.ask('GET', '/api/calendar/guess')).status).toBe(404);
  });
});
