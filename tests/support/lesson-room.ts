import { join } from 'node:path';
import type { Actor } from '../../server/platform/access/actor.ts';
import { systemClock, type Clock } from '../../server/platform/clock.ts';
import { openDatabase } from '../../server/platform/database/open.ts';
import { openLog } from '../../server/platform/log.ts';
import { openVault } from '../../server/platform/vault.ts';
import { openRegions } from '../../server/regions/service.ts';
import { openVideos } from '../../server/videos/service.ts';
import { findVideo, listVideosIn, type VideoRow } from '../../server/videos/store.ts';
import { VIDEO_STATES } from '../../server/videos/rules.ts';
import { eventually } from './live-hub.ts';
import { videoIdIn } from './upload-video.ts';

const COUNTY = '533103';
const base64 = (text: string) => Buffer.from(text).toString('base64');

export const TRAINER: Actor = {
  ...{ accountId: 'trainer', personId: 'trainer' },
  grants: [{ role: 'trainer', regionCode: COUNTY }],
};

/** The videos of a hub without the rest of it, on the database and the files of a folder; `onState` hears of each new state. */
export async function openLessonRoom(
  folder: string,
  {
    clock = systemClock,
    onState = () => undefined,
  }: { clock?: Clock; onState?: (state: string) => void } = {},
) {
  const db = await openDatabase(`file:${join(folder, 'hub.db')}`);
  const regions = openRegions({ db, clock });
  await regions.seedReference();
  const limits = {
    ...{ maxUploadBytes: 1e9, reserveBytes: 0 },
    unfinishedPerAccount: { uploads: 5, bytes: 2e9 },
  };
  let last = '';
  const begin = db.transaction;
  db.transaction = async (work) => {
    const result = await begin(work);
    const [row] = await listVideosIn(db, VIDEO_STATES);
    if (row && row.state !== last) onState((last = row.state));
    return result;
  };
  const videos = openVideos({
    ...{ db, clock, regions, limits, log: openLog('error'), vault: openVault(folder, undefined) },
    ...{ storageDir: join(folder, 'media'), ffmpegPath: 'ffmpeg' },
    isAnythingLive: () => false,
  });
  await videos.start();

  const headers = { 'Tus-Resumable': '1.0.0' };
  const row = (id: string) => findVideo(db, id);
  return {
    db,
    videos,
    limits,
    row,
    /** Begins an upload; its id. */
    async begin(byteLength: number): Promise<string> {
      const request = new Request('http://hub/uploads', {
        method: 'POST',
        headers: {
          ...{ ...headers, 'Upload-Length': String(byteLength) },
          'Upload-Metadata': `title ${base64('理货')},regionCode ${base64(COUNTY)}`,
        },
      });
      const said = { title: '理货', regionCode: COUNTY, visibility: 'public' } as const;
      const begun = await videos.uploads.begin(TRAINER, { ...said, byteLength }, request);
      return videoIdIn(begun.headers.get('location') ?? '');
    },
    /** How much the hub says has come. Throws `not-found` where it knows no such upload. */
    async offset(id: string): Promise<number> {
      const request = new Request(`http://hub/uploads/${id}`, { method: 'HEAD', headers });
      const response = await videos.uploads.proceed(TRAINER, id, request);
      return Number(response.headers.get('upload-offset'));
    },
    /** Sends the bytes up to `end` that have not come yet. */
    async send(id: string, content: Buffer, end = content.length): Promise<Response | undefined> {
      const offset = await this.offset(id);
      if (offset >= end) return undefined;
      const request = new Request(`http://hub/uploads/${id}`, {
        method: 'PATCH',
        headers: {
          ...{ ...headers, 'Upload-Offset': String(offset) },
          'Content-Type': 'application/offset+octet-stream',
        },
        body: new Uint8Array(content.subarray(offset, end)),
      });
      return videos.uploads.proceed(TRAINER, id, request);
    },
    settled: (id: string): Promise<VideoRow | undefined> =>
      eventually(
        () => row(id),
        (found) => ['ready', 'refused', 'failed'].includes(found?.state ?? ''),
        30_000,
      ),
    rows: () => listVideosIn(db, VIDEO_STATES),
    async close(): Promise<void> {
      await videos.close();
      await db.close();
    },
  };
}
