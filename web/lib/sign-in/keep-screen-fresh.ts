import { attempt } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import type { SignInScreen } from '#lib/api/shapes.ts';

const EVERY_MS = 2000;

interface Watched {
  asked: () => { sessionId: string; kind: 'in' | 'out' };
  /** Told what the screen is to show; undefined when the hub did not answer. */
  changed: (screen: SignInScreen | undefined) => void;
}

/** Asks every two seconds, while the page is seen, for the code and the counts. Returns the way to stop. */
export function keepScreenFresh({ asked, changed }: Watched): () => void {
  let asking = false;

  async function look(): Promise<void> {
    const { sessionId, kind } = asked();
    const { api } = apiOf({ fetch, url: location });
    const param = { id: sessionId };
    const outcome = await attempt(api.sessions[':id']['sign-in'].$get({ param, query: { kind } }));
    changed(outcome.ok ? outcome.data : undefined);
  }

  const timer = setInterval(() => {
    if (asking || document.hidden) return;
    asking = true;
    look()
      .catch(() => changed(undefined))
      .finally(() => (asking = false));
  }, EVERY_MS);
  return () => clearInterval(timer);
}
