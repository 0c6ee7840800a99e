/** One thing the hub needs in order to serve, and whether it is well. `detail` says what is wrong and what to do. */
export interface ReadinessCheck {
  name: string;
  ok: boolean;
  detail?: string;
}

/** A room's own view of its health; app.ts collects them for /readyz. */
export type ReadinessProbe = () => Promise<ReadinessCheck[]> | ReadinessCheck[];
