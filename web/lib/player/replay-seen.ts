import { attempt } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';

const REPORT_MS = 20_000;
/** Two looks at the clock of a playing picture are at most so many seconds of it apart; more is a jump. */
const LONGEST_STEP_SECONDS = 2.5;
const MOST_SPANS = 50;

type Span = [from: number, to: number];

/**
 * Tells the hub which stretches of a replay were played, while `isReplay` holds, until it says that they count for
 * nothing. Lost reports are sent with the next. Returns the way to stop.
 */
export function tellReplaySeen(
  video: HTMLVideoElement,
  broadcastId: string,
  isReplay: () => boolean,
): () => void {
  let spans: Span[] = [];
  let last: number | undefined;
  let counts = true;
  let begun = false;
  let telling = false;

  function look(): void {
    if (!isReplay() || video.paused || video.seeking) {
      last = undefined;
      return;
    }
    if (!begun) {
      // From here the hub counts the time in which something can have been played.
      begun = true;
      void tell();
    }
    const at = video.currentTime;
    if (last !== undefined && at > last && at - last <= LONGEST_STEP_SECONDS) {
      const open = spans.at(-1);
      if (open && open[1] === last) open[1] = at;
      else spans.push([last, at]);
    }
    last = at;
  }

  async function tell(): Promise<void> {
    if (!begun || !counts || telling) return;
    telling = true;
    const sending = spans.slice(0, MOST_SPANS);
    spans = spans.slice(MOST_SPANS);
    try {
      const { api } = apiOf({ fetch, url: location });
      const json = { spans: sending };
      const outcome = await attempt(api.replays[':id'].seen.$post({ param: { id: broadcastId }, json }));
      if (outcome.ok) counts = outcome.data.counts;
      else spans = [...sending, ...spans];
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      spans = [...sending, ...spans];
    } finally {
      telling = false;
    }
  }

  const timer = setInterval(() => spans.length > 0 && void tell(), REPORT_MS);
  const ended = () => void tell();
  video.addEventListener('timeupdate', look);
  video.addEventListener('pause', ended);
  return () => {
    clearInterval(timer);
    video.removeEventListener('timeupdate', look);
    video.removeEventListener('pause', ended);
    void tell();
  };
}
