/**
 * The hub's API as it runs in this process. Web and server are loaded as two module graphs, so the one instance
 * is handed over through a registered symbol and never imported.
 */
export interface RunningApp {
  /** `forwardedFor` is the network address of the person whose page this is. */
  fetch(request: Request, env: { forwardedFor: string }): Response | Promise<Response>;
  /** True when the hub shows made-up people and figures; every page says so. */
  sample?: boolean;
}

const PLACE = Symbol.for('xiangbo.app');

/** Throws when the web runs without the hub around it, for nothing it shows would be true. */
export function runningApp(): RunningApp {
  const app = (globalThis as { [PLACE]?: RunningApp })[PLACE];
  if (!app) throw new Error('The web was started without the hub: no app under Symbol.for("xiangbo.app")');
  return app;
}
