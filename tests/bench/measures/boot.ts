import { serveHub } from '../../support/serve-hub.ts';
import { serveBareRoutes } from '../bare/serve-routes.ts';
import { byTurns, median, type Measure } from '../comparison.ts';

const ROUNDS = 3;

/** Starting again on data that is there, from the process to `/readyz`; beside a Node process with one Hono route. */
export const measureBoot: Measure = async (tell) => {
  const hub = await serveHub();
  try {
    const startHubAgain = async () => {
      await hub.stop();
      const startedAt = performance.now();
      await hub.start();
      const ready = await fetch(`${hub.origin}/readyz`);
      if (!ready.ok) throw new Error(`The hub started and is not ready: ${await ready.text()}`);
      return performance.now() - startedAt;
    };
    const startBare = async () => {
      const bare = await serveBareRoutes();
      await bare.close();
      return bare.readyMs;
    };
    const times = await byTurns(ROUNDS, { hub: startHubAgain, bare: startBare });
    tell(`second start ${times.hub.map(Math.round).join(', ')} ms`);
    const bare = [{ what: 'Node with bare Hono routes', value: median(times.bare) }];
    return [{ what: 'Second start to ready', unit: 'ms', hub: median(times.hub), bare }];
  } finally {
    await hub.close();
  }
};
