import { collectDefaultMetrics, Registry } from 'prom-client';

/** Where rooms register their counters; served at /metrics in Prometheus' text format. */
export function openMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}
