import { invalidateAll } from '$app/navigation';
import { attempt } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';

const EVERY_MS = 2000;

interface Watched {
  programmeId: string;
  region: string;
  /** The number of the last fact that the page shows. */
  seenSeq: () => number | undefined;
  /** Told after each question whether the hub answered: what the page shows may be old when it did not. */
  reached: (answered: boolean) => void;
}

/**
 * Asks every two seconds, while the page is seen, which fact the figures contain last, and loads the page again when
 * there is a newer one. Returns the way to stop.
 */
export function keepFresh({ programmeId, region, seenSeq, reached }: Watched): () => void {
  let asking = false;

  async function look(): Promise<void> {
    const { api } = apiOf({ fetch, url: location });
    const asked = api.programmes[':id'].freshness.$get({ param: { id: programmeId }, query: { region } });
    const outcome = await attempt(asked);
    reached(outcome.ok);
    if (outcome.ok && outcome.data.freshness?.seq !== seenSeq()) await invalidateAll();
  }

  const timer = setInterval(() => {
    if (asking || document.hidden) return;
    asking = true;
    look()
      .catch(() => reached(false))
      .finally(() => (asking = false));
  }, EVERY_MS);
  return () => clearInterval(timer);
}
