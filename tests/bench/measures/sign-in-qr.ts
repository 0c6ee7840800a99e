import { Agent, request } from 'node:http';
import { makeClassPeople, openClassNow } from '../../support/class-now.ts';
import { serveHub } from '../../support/serve-hub.ts';
import { serveBareRoutes } from '../bare/serve-routes.ts';
import { byTurns, median, percentile, type Measure } from '../comparison.ts';

const TRAINEES = 500;
const ROUNDS = 3;
/** All of them come within this second, one every two milliseconds. */
const WITHIN_MS = 1000;

interface Sent {
  path: string;
  cookie?: string;
  body: string;
}

/** A class of 500 that signs in on one code in the same second: the time until an answer that all but five have had. */
export const measureSignInQr: Measure = async (tell) => {
  const hub = await serveHub();
  try {
    const bare = await serveBareRoutes();
    try {
      // So many are made while nobody else writes.
      await hub.stop();
      const { trainer, trainees: everyone } = await makeClassPeople(hub.dataDir, (1 + ROUNDS) * TRAINEES);
      await hub.start();
      // Others each time: nobody sits in two classes at once.
      let next = 0;
      const signInAll = async () => {
        const people = { trainer, trainees: everyone.slice(next, (next += TRAINEES)) };
        const room = await openClassNow(hub.origin, people);
        const body = JSON.stringify({ token: await room.readToken() });
        const all = people.trainees.map(({ cookie }) => ({ path: '/api/sign-in', cookie, body }));
        const p99 = percentile(await sendWithinASecond(hub.origin, all), 99);
        const { signedIn, attended } = await room.count();
        if (signedIn !== TRAINEES || attended !== TRAINEES)
          throw new Error(`${signedIn} and ${attended} of ${TRAINEES} were counted`);
        return p99;
      };
      const insertAll = async () => {
        const body = JSON.stringify({ runId: 'bench' });
        const all = Array.from({ length: TRAINEES }, () => ({ path: '/insert', body }));
        return percentile(await sendWithinASecond(bare.origin, all), 99);
      };
      await signInAll();
      await insertAll();
      const p99 = await byTurns(ROUNDS, { hub: signInAll, bare: insertAll });
      tell(`sign-in by code, p99 ${p99.hub.map(Math.round).join(', ')} ms`);
      return [
        {
          what: `${TRAINEES} sign-ins on one code in the same second, p99`,
          unit: 'ms',
          hub: median(p99.hub),
          bare: [{ what: 'Hono route that inserts one row', value: median(p99.bare) }],
        },
      ];
    } finally {
      await bare.close();
    }
  } finally {
    await hub.close();
  }
};

/** Sends them evenly over a second, whatever becomes of those before; milliseconds until each was answered. */
async function sendWithinASecond(origin: string, all: Sent[]): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: TRAINEES });
  const startedAt = performance.now();
  try {
    return await Promise.all(
      all.map(async (sent, index) => {
        const dueAt = startedAt + (index * WITHIN_MS) / all.length;
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueAt - performance.now())));
        await send(origin, agent, sent);
        return performance.now() - dueAt;
      }),
    );
  } finally {
    agent.destroy();
  }
}

function send(origin: string, agent: Agent, { path, cookie, body }: Sent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      ...(cookie ? { cookie } : {}),
    };
    const asked = request(origin + path, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.once('end', () =>
        (response.statusCode ?? 500) < 300
          ? resolve()
          : reject(new Error(`${path} → ${response.statusCode}`)),
      );
    });
    asked.once('error', reject);
    asked.end(body);
  });
}
