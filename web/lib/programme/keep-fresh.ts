import { invalidateAll } from '$app/navigation';
import { attempt } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';

const EVERY_MS = 2000;

/**
 * Asks every two seconds, while the page is seen, which fact the figures contain last, and loads the page again when
 * there is a newer one. Returns the way to stop. A lost answer is asked for again; the page keeps what it shows.
 */
export function keepFresh(
  programmeId: string,
  region: string,
  seenSeq: () => number | undefined,
): () => void {
  let asking = false;
  const timer = setInterval(async () => {
    if (asking || document.hidden) return;
    asking = true;
    try {
      const { api } = apiOf({ fetch, url: location });
      const asked = api.programmes[':id'].freshness.$get({ param: { id: programmeId }, query: { region } });
      const outcome = await attempt(asked);
      if (outcome.ok && outcome.data.freshness?.seq !== seenSeq()) await invalidateAll();
    } catch {
      // No network: the shell's banner says so, and the next turn asks again.
    } finally {
      asking = false;
    }
  }, EVERY_MS);
  return () => clearInterval(timer);
}
