import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import type { HubEnv } from '../platform/http/environment.ts';
import type { Training } from './service.ts';

const described = (summary: string) => describeRoute({ tags: ['training'], summary });

/** `/api/me/calendar` */
export function calendarFeedRoutes(training: Training) {
  return new Hono<HubEnv>()
    .get('/', described('Whether one’s calendar has an address'), async (c) =>
      c.json(await training.readCalendarFeed(c.get('caller'))),
    )
    .post('/', described('Make a new address for one’s calendar; the old one stops'), async (c) =>
      c.json(await training.makeCalendarFeed(c.get('caller')), 201),
    )
    .delete('/', described('Stop the address of one’s calendar'), async (c) => {
      await training.revokeCalendarFeed(c.get('caller'));
      return c.body(null, 204);
    });
}

/** `/api/calendar`: behind a secret address, for calendars that cannot sign in. */
export function calendarRoutes(training: Training, publicOrigin: string | undefined) {
  return new Hono<HubEnv>().get('/:secret', described('A calendar (RFC 5545)'), async (c) => {
    const origin = publicOrigin ?? new URL(c.req.url).origin;
    const calendar = await training.readCalendar(c.get('caller'), c.req.param('secret'), origin);
    return c.body(calendar, 200, {
      'Content-Type': 'text/calendar; charset=utf-8',
      'Cache-Control': 'private, no-store',
    });
  });
}
