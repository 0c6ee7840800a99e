import { parseWebVtt, renderWebVtt } from '../../media/vod/webvtt.ts';
import type { Caller } from '../platform/access/actor.ts';
import { actorWhoMay, ensureMay, may, prefixesWhereMay } from '../platform/access/decide.ts';
import { audit } from '../platform/audit.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/open.ts';
import { HubError } from '../platform/errors.ts';
import type { DailyJob } from '../platform/jobs.ts';
import type { Logger } from '../platform/log.ts';
import { openPathTokens } from '../platform/playback/path-token.ts';
import type { Vault } from '../platform/vault.ts';
import type { Regions } from '../regions/service.ts';
import { videoFiles } from './files.ts';
import { openFreeShare } from './free-share.ts';
import { openVideoPlayback } from './playback.ts';
import type { IsAnythingLive } from './ports.ts';
import { openVideoQueue } from './queue.ts';
import {
  deleteSubtitle,
  deleteVideoRow,
  findVideo,
  findVideos,
  listSubtitles,
  listVideoRows,
  putSubtitle,
  updateVideo,
  type VideoRow,
} from './store.ts';
import { openUploads, type UploadLimits } from './uploads.ts';
import {
  subtitleFile,
  videoCircumstances,
  viewOfVideo,
  type SubtitleLanguage,
  type VideoView,
} from './view.ts';

export type { VideoView } from './view.ts';

const PAGE_SIZE = 50;

export type Videos = ReturnType<typeof openVideos>;

/** Uploaded video lessons: taken in, checked, made into HLS, played. */
export function openVideos(parts: {
  db: Database;
  clock: Clock;
  log: Logger;
  vault: Vault;
  regions: Regions;
  storageDir: string;
  ffmpegPath: string;
  limits: UploadLimits;
  isAnythingLive: IsAnythingLive;
  /** Default: measured on this machine. */
  freeShare?: () => number;
}) {
  const { db, clock } = parts;
  const files = videoFiles(parts.storageDir);
  const queue = openVideoQueue({ ...parts, files, freeShare: parts.freeShare ?? openFreeShare() });
  const uploads = openUploads({ ...parts, files, queue });
  const playback = openVideoPlayback({ ...parts, files });
  const tokens = openPathTokens(parts);

  async function viewsOf(rows: VideoRow[], caller: Caller): Promise<VideoView[]> {
    const subtitles = await listSubtitles(
      db,
      rows.map(({ id }) => id),
    );
    return rows.map((row) =>
      viewOfVideo(row, caller, {
        subtitles: subtitles.filter(({ videoId }) => videoId === row.id),
        token: tokens.today(row.id),
        waitingForLive: queue.isWaitingForLive(row.id),
      }),
    );
  }

  async function viewOf(id: string, caller: Caller): Promise<VideoView> {
    const [view] = await viewsOf([await requireVideo(id)], caller);
    return view!;
  }

  /** Throws `not-found`. */
  async function requireVideo(id: string): Promise<VideoRow> {
    const row = await findVideo(db, id);
    if (!row) throw new HubError('not-found');
    return row;
  }

  /** The video, for whoever may manage it; and who that is. */
  async function managed(caller: Caller, id: string) {
    const row = await findVideo(db, id);
    const actor = actorWhoMay(caller, 'video.manage', row && videoCircumstances(row, caller));
    if (!row) throw new HubError('not-found');
    return { row, actor };
  }

  /** The ready video, for whoever may watch it. Throws `video.not-ready`. */
  async function watched(caller: Caller, id: string): Promise<VideoRow> {
    const row = await requireVideo(id);
    ensureMay(caller, 'video.watch', videoCircumstances(row, caller));
    if (row.state !== 'ready') throw new HubError('video.not-ready');
    return row;
  }

  return {
    uploads,

    /** Newest first, 50 a page: those that are ready and for the caller, and the caller's own. */
    async listVideos(caller: Caller, filter: { mine?: boolean; before?: string }): Promise<VideoView[]> {
      ensureMay(caller, 'video.list');
      if (filter.mine && !caller) throw new HubError('auth.required');
      const sight = {
        ownerAccountId: caller?.accountId,
        regionPrefixes: prefixesWhereMay(caller, 'video.manage'),
      };
      const { mine = false, before } = filter;
      const rows = await listVideoRows(db, { sight, mine, before, limit: PAGE_SIZE });
      // The rule has the last word on each: a token sees less than its account.
      const visible = rows.filter((row) => may(caller, 'video.watch', videoCircumstances(row, caller)));
      return viewsOf(visible, caller);
    },

    async readVideo(caller: Caller, id: string): Promise<VideoView> {
      const row = await requireVideo(id);
      ensureMay(caller, 'video.watch', videoCircumstances(row, caller));
      return viewOf(id, caller);
    },

    /** For rooms that show videos: what they must know of them. One that does not exist is left out. */
    async videosById(ids: readonly string[]) {
      const rows = await findVideos(db, ids);
      return new Map(
        rows.map(({ id, title, state, visibility, facts }) => [
          id,
          {
            ...{ id, title, ready: state === 'ready', shown: visibility !== 'owner' },
            durationSeconds: (facts?.durationMs ?? 0) / 1000,
          },
        ]),
      );
    },

    async changeVideo(
      caller: Caller,
      id: string,
      changes: { title?: string; visibility?: VideoRow['visibility']; priority?: number },
    ): Promise<VideoView> {
      const { row } = await managed(caller, id);
      if (Object.keys(changes).length > 0) await updateVideo(db, row.id, changes);
      return viewOf(id, caller);
    },

    /** Ends its check or transcoding; the upload is kept. Throws `video.not-possible`. */
    async cancelVideo(caller: Caller, id: string): Promise<VideoView> {
      await managed(caller, id);
      if (!(await queue.advance(id, 'cancel-asked'))) throw new HubError('video.not-possible');
      await queue.abandon(id);
      return viewOf(id, caller);
    },

    /** Begins again after a failure or a cancelling, or with an upload that came whole and was not taken over. Throws `video.not-possible`. */
    async retryVideo(caller: Caller, id: string): Promise<VideoView> {
      const { row } = await managed(caller, id);
      const moved =
        (await uploads.completeIfWhole(row)) ||
        (await queue.advance(id, 'retry-asked', { reason: null, progress: 0 }));
      if (!moved) throw new HubError('video.not-possible');
      queue.kick();
      return viewOf(id, caller);
    },

    /** Removes the video with all its files. */
    async deleteVideo(caller: Caller, id: string): Promise<void> {
      const { row, actor } = await managed(caller, id);
      await db.transaction(async (tx) => {
        await deleteVideoRow(tx, id);
        await audit(tx, clock, {
          ...{ actorAccountId: actor.accountId, action: 'video.delete', objectKind: 'video' },
          ...{ objectId: id, regionCode: row.regionCode },
        });
      });
      await queue.abandon(id);
      await files.remove(id);
    },

    /** Adds or replaces the subtitles of a language. Throws `input.invalid` naming the line and what is wrong with it. */
    async putSubtitles(caller: Caller, id: string, language: SubtitleLanguage, content: string) {
      const { row } = await managed(caller, id);
      const parsed = parseWebVtt(content);
      if (!parsed.ok) {
        const { line, fault } = parsed;
        const message = `line ${line}: ${fault}`;
        const fields = [{ path: 'content', rule: fault, message }];
        throw new HubError('input.invalid', { message, params: { line }, fields });
      }
      const version = clock.now();
      await files.writeSubtitle(row.id, subtitleFile(language, version), renderWebVtt(parsed.cues));
      await putSubtitle(db, { videoId: row.id, language, version, cues: parsed.cues.length });
      return viewOf(id, caller);
    },

    async deleteSubtitles(caller: Caller, id: string, language: SubtitleLanguage): Promise<VideoView> {
      const { row } = await managed(caller, id);
      await deleteSubtitle(db, row.id, language);
      return viewOf(id, caller);
    },

    /** The master playlist, for whoever may watch. */
    async openMaster(caller: Caller, id: string) {
      const row = await watched(caller, id);
      return playback.master(row, await listSubtitles(db, [id]), tokens.today(id));
    },

    /** A file below the path token. Throws `not-found` for a token that is none of today's or yesterday's. */
    async openFile(caller: Caller, asked: { id: string; token: string; name: string; range?: string }) {
      ensureMay(caller, 'video.segments');
      if (!tokens.isGood(asked.id, asked.token)) throw new HubError('not-found');
      const row = await requireVideo(asked.id);
      if (row.state !== 'ready') throw new HubError('not-found');
      return playback.file(row, asked.name, asked.range);
    },

    /** Takes up what the last hub left unfinished. */
    async start(): Promise<void> {
      await uploads.resumeComplete();
      await queue.start();
    },

    expiryJob: {
      name: 'uploads-expire',
      async run() {
        const removed = await uploads.sweepExpired();
        const orphans = await uploads.sweepOrphans();
        return removed + orphans > 0 ? { removed, orphans } : undefined;
      },
    } satisfies DailyJob,

    close: () => queue.close(),
  };
}
