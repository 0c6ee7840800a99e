import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import type { Registry } from 'prom-client';
import type { ReadinessProbe } from '../readiness.ts';
import type { HubEnv } from './environment.ts';

/** Health, readiness and metrics: for the machine's keeper, not for people. */
export function observationRoutes(probes: readonly ReadinessProbe[], metrics: Registry) {
  return new Hono<HubEnv>()
    .get('/healthz', describeRoute({ tags: ['operations'], summary: 'The process is alive' }), (c) =>
      c.json({ status: 'alive' as const }),
    )
    .get(
      '/readyz',
      describeRoute({ tags: ['operations'], summary: 'Everything needed to serve is well (503 when not)' }),
      async (c) => {
        const checks = (await Promise.all(probes.map(async (probe) => probe()))).flat();
        const ready = checks.every((check) => check.ok);
        return c.json(
          { status: ready ? ('ready' as const) : ('not-ready' as const), checks },
          ready ? 200 : 503,
        );
      },
    )
    .get('/metrics', describeRoute({ tags: ['operations'], summary: 'Prometheus metrics' }), async (c) =>
      c.body(await metrics.metrics(), 200, { 'Content-Type': metrics.contentType }),
    );
}
