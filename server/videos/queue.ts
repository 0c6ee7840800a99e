import { inspectVideo } from '../../media/vod/inspect.ts';
import { transcodeVideo, type Transcoding } from '../../media/vod/transcode.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/open.ts';
import type { Logger } from '../platform/log.ts';
import type { VideoFiles } from './files.ts';
import type { IsAnythingLive } from './ports.ts';
import { mustWait, nextVideoState, type VideoHappening } from './rules.ts';
import { findNextWork, findVideo, listVideosIn, updateVideo, type VideoRow } from './store.ts';

const LOOK_EVERY_MS = 1_000;
/** A queue that could not ask the database asks again. */
const AGAIN_MS = 5_000;

/** What is being done now; a video that is cancelled ends it. */
interface Work {
  videoId: string;
  end(): Promise<void>;
}

export interface VideoQueue {
  /** Looks for work; cheap and idempotent. */
  kick(): void;
  /** Moves a video on; undefined where the happening is not possible in its state. */
  advance(id: string, happening: VideoHappening, changes?: Partial<VideoRow>): Promise<VideoRow | undefined>;
  /** Ends what is being done for a video, if anything; resolves when no process or half output is left. */
  abandon(id: string): Promise<void>;
  /** True for the video whose transcoding stands still for a broadcast. */
  isWaitingForLive(id: string): boolean;
  close(): Promise<void>;
}

/** Checks and transcodes one video after another, as the rows say; what a dead hub was at is taken up again. */
export function openVideoQueue(parts: {
  db: Database;
  clock: Clock;
  log: Logger;
  files: VideoFiles;
  ffmpegPath: string;
  isAnythingLive: IsAnythingLive;
  freeShare: () => number;
}): VideoQueue & { start(): Promise<void> } {
  const { db, clock, log, files, ffmpegPath } = parts;
  let work: Work | undefined;
  let running: Promise<void> | undefined;
  let again: NodeJS.Timeout | undefined;
  let closed = false;
  let started = false;
  let waitingId: string | undefined;

  function advance(id: string, happening: VideoHappening, changes: Partial<VideoRow> = {}) {
    return db.transaction(async (tx) => {
      const row = await findVideo(tx, id);
      const state = row && nextVideoState(row.state, happening);
      if (!row || !state) return undefined;
      const moved = { ...changes, state, changedAt: instant(clock.now()) };
      await updateVideo(tx, id, moved);
      return { ...row, ...moved };
    });
  }

  async function check(row: VideoRow): Promise<void> {
    const over = new AbortController();
    const stopped = new Error('the check was ended');
    const checking = inspectVideo({ ffmpegPath, file: files.source(row.id), signal: over.signal });
    work = {
      videoId: row.id,
      end: async () => void (over.abort(stopped), await checking.catch(() => undefined)),
    };
    try {
      const found = await checking;
      if (found.ok) await advance(row.id, 'accepted', { facts: found.facts, reason: null, progress: 0 });
      else {
        log.info({ video: row.id, refusal: found.refusal, detail: found.detail }, 'an upload was refused');
        // What is no video is not kept.
        if (await advance(row.id, 'refused', { reason: found.refusal })) await files.removeSource(row.id);
      }
    } catch (error) {
      if (error !== stopped) throw error;
    }
  }

  async function transcode(row: VideoRow): Promise<void> {
    if (!row.facts) throw new Error(`video ${row.id} was queued without having been checked`);
    let progress = 0;
    const transcoding = transcodeVideo({
      ...{ ffmpegPath, file: files.source(row.id), facts: row.facts, folder: files.hls(row.id) },
      onProgress: (share) => (progress = Math.floor(share * 1000)),
    });
    let ended = false;
    work = { videoId: row.id, end: () => ((ended = true), transcoding.cancel()) };
    const giveWay = watchForLive(row.id, transcoding, () => progress);
    try {
      await transcoding.done;
      if (await advance(row.id, 'transcoded', { progress: 1000 })) await files.removeSource(row.id);
    } catch (error) {
      if (!ended) throw error;
    } finally {
      await giveWay.close();
    }
  }

  /** Each second: stand still where a broadcast needs the machine, and note how far it is. */
  function watchForLive(id: string, transcoding: Transcoding, progress: () => number) {
    let noted = 0;
    let noting: Promise<void> = Promise.resolve();
    const look = () => {
      const waiting = mustWait({
        live: parts.isAnythingLive(),
        freeShare: parts.freeShare(),
        waiting: waitingId === id,
      });
      waitingId = waiting ? id : undefined;
      transcoding.setSuspended(waiting);
      const now = progress();
      if (now === noted) return;
      noted = now;
      noting = updateVideo(db, id, { progress: now }).catch((error: unknown) =>
        log.error({ err: error, video: id }, 'the progress of a transcoding could not be noted'),
      );
    };
    look();
    const timer = setInterval(look, LOOK_EVERY_MS);
    return {
      async close() {
        clearInterval(timer);
        waitingId = undefined;
        await noting;
      },
    };
  }

  async function workOff(): Promise<void> {
    for (;;) {
      const row = closed ? undefined : await findNextWork(db);
      if (!row) return;
      const began = await advance(row.id, row.state === 'uploaded' ? 'check-began' : 'transcode-began');
      if (!began) continue;
      try {
        await (began.state === 'checking' ? check(began) : transcode(began));
      } catch (error) {
        log.error({ err: error, video: row.id }, 'a video could not be prepared');
        await advance(row.id, 'failed', { reason: began.state === 'checking' ? 'check' : 'transcoding' });
      } finally {
        work = undefined;
      }
    }
  }

  function kick(): void {
    if (closed || !started || running) return;
    clearTimeout(again);
    running = workOff()
      .then(() => findNextWork(db))
      .then(
        (more) => {
          running = undefined;
          // Something came between the last look and here.
          if (more) kick();
        },
        (error: unknown) => {
          running = undefined;
          log.error({ err: error }, 'the queue of videos stands still');
          if (!closed) again = setTimeout(kick, AGAIN_MS).unref();
        },
      );
  }

  return {
    kick,
    advance,
    async abandon(id) {
      if (work?.videoId === id) await work.end();
    },
    isWaitingForLive: (id) => waitingId === id,
    /** Takes up what the last hub left: uploads that were whole, checks and transcodings that were cut off. */
    async start() {
      for (const row of await listVideosIn(db, ['checking', 'transcoding'])) {
        await files.removeUnfinished(row.id);
        await advance(row.id, 'hub-stopped', { progress: 0 });
      }
      // Its row had moved on, and then the hub died before the upload was removed.
      for (const row of await listVideosIn(db, ['ready', 'refused'])) await files.removeSource(row.id);
      started = true;
      kick();
    },
    async close() {
      closed = true;
      clearTimeout(again);
      await work?.end();
      await running;
    },
  };
}
