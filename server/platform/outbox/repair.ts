import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { audit } from '../audit.ts';
import type { Caller } from '../access/actor.ts';
import { EVERYWHERE } from '../access/actor.ts';
import { actorWhoMay, ensureMay } from '../access/decide.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/open.ts';
import { faultWords } from '../fault.ts';
import { HubError } from '../errors.ts';
import type { HubEnv } from '../http/environment.ts';
import { parse } from '../http/parse.ts';
import { listParked, retryParked, type Consumer } from './consumer.ts';

export type OutboxRepair = ReturnType<typeof openOutboxRepair>;

/** What an administrator of the whole hub does about news that could not be applied. */
export function openOutboxRepair(db: Database, consumers: readonly Consumer[], clock: Clock) {
  return {
    async list(caller: Caller) {
      ensureMay(caller, 'hub.repair', { regionCode: EVERYWHERE });
      return (await listParked(db)).map(({ consumer, seq, error, parkedAt }) => ({
        consumer,
        seq,
        error,
        parkedAt,
      }));
    },
    /** Applies one parked event again. Throws `conflict` when it still cannot be applied, with the reason. */
    async retry(caller: Caller, name: string, seq: number): Promise<void> {
      const actor = actorWhoMay(caller, 'hub.repair', { regionCode: EVERYWHERE });
      const consumer = consumers.find((one) => one.name === name);
      const parked = (await listParked(db)).some((event) => event.consumer === name && event.seq === seq);
      if (!consumer || !parked) throw new HubError('not-found');
      try {
        await retryParked(db, consumer, seq, clock);
      } catch (cause) {
        throw new HubError('conflict', { message: `Still not applicable: ${faultWords(cause)}`, cause });
      }
      await audit(db, clock, {
        actorAccountId: actor.accountId,
        action: 'hub.repair',
        objectKind: 'outbox-event',
        objectId: `${name}/${seq}`,
      });
    },
  };
}

const parkedEvent = z.object({
  consumer: z.string().min(1).max(100),
  seq: z.coerce.number().int().positive(),
});

export function outboxRepairRoutes(repair: OutboxRepair) {
  return new Hono<HubEnv>()
    .get('/', describeRoute({ tags: ['operations'], summary: 'News that could not be applied' }), async (c) =>
      c.json({ parked: await repair.list(c.get('caller')) }),
    )
    .post(
      '/:consumer/:seq/retry',
      describeRoute({ tags: ['operations'], summary: 'Apply parked news again' }),
      parse('param', parkedEvent),
      async (c) => {
        const { consumer, seq } = c.req.valid('param');
        await repair.retry(c.get('caller'), consumer, seq);
        return c.body(null, 204);
      },
    );
}
