import { afterEach, beforeEach, expect, it } from 'vitest';
import { openLiveHub, say, type LiveHub } from '../support/live-hub.ts';

let live: LiveHub;
beforeEach(async () => (live = await openLiveHub()));
afterEach(() => live.close());

it('refuses a flood of messages with a code and the time to wait, and serves others meanwhile', async () => {
  const [flooding, calm] = [await live.socketOf(), await live.socketOf()];
  const acks = await Promise.all(Array.from({ length: 260 }, () => say(flooding, 'chat:since', { seq: 0 })));
  const limited = acks.filter((ack) => !ack.ok && ack.error.code === 'rate.limited');
  expect(limited).toHaveLength(60);
  expect(limited[0]).toMatchObject({ error: { params: { retryAfterSeconds: expect.any(Number) } } });
  expect(await say(calm, 'chat:since', { seq: 0 })).toMatchObject({ ok: false, error: { code: 'conflict' } });
});
