import { Server as TusServer } from '@tus/server';
import { FileStore } from '@tus/file-store';
import type { Caller } from '../platform/access/actor.ts';
import { actorWhoMay } from '../platform/access/decide.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/open.ts';
import { HubError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Regions } from '../regions/service.ts';
import type { VideoFiles } from './files.ts';
import type { VideoQueue } from './queue.ts';
import { hasRoom } from './rules.ts';
import { deleteVideoRow, findVideo, insertVideo, listVideosIn, type VideoRow } from './store.ts';

export const UPLOADS_PATH = '/uploads';
/** Uploads that nobody went on with for so long are given up. */
const EXPIRY_MS = 48 * 3_600_000;

/** What someone says of a video before the first byte. `byteLength` of the whole file. */
export interface NewVideo {
  title: string;
  regionCode: string;
  visibility: VideoRow['visibility'];
  byteLength: number;
}

/** Resumable uploads by tus 1.0: who may and whether there is room is decided before a byte is taken. */
export function openUploads(parts: {
  db: Database;
  clock: Clock;
  regions: Regions;
  files: VideoFiles;
  queue: VideoQueue;
  maxUploadBytes: number;
  reserveBytes: number;
}) {
  const { db, clock, files, queue } = parts;
  const ids = new WeakMap<Request, string>();
  const tus = new TusServer({
    path: UPLOADS_PATH,
    relativeLocation: true,
    datastore: new FileStore({ directory: files.uploads, expirationPeriodInMilliseconds: EXPIRY_MS }),
    maxSize: parts.maxUploadBytes,
    namingFunction: (request) => ids.get(request) ?? newId<'video'>(),
    onUploadFinish: async (_, { id }) => {
      await complete(id);
      return {};
    },
  });

  async function complete(id: string): Promise<void> {
    await files.adopt(id);
    await queue.advance(id, 'upload-complete');
    queue.kick();
  }

  /** Throws `video.too-large` or `storage.full` before anything is written. */
  async function ensureRoom(byteLength: number): Promise<void> {
    if (byteLength > parts.maxUploadBytes)
      throw new HubError('video.too-large', {
        params: { maxMegabytes: Math.floor(parts.maxUploadBytes / 1e6) },
      });
    const unfinished = await listVideosIn(db, ['uploading']);
    const come = await Promise.all(unfinished.map((row) => files.uploadedBytes(row.id)));
    const pendingBytes = unfinished.reduce((sum, row, at) => sum + row.byteLength - (come[at] ?? 0), 0);
    const freeBytes = await files.freeBytes();
    const { reserveBytes } = parts;
    if (!hasRoom({ freeBytes, reserveBytes, pendingBytes, wantedBytes: byteLength }))
      throw new HubError('storage.full');
  }

  async function removeUnfinished(row: VideoRow): Promise<void> {
    await deleteVideoRow(db, row.id);
    await files.remove(row.id);
  }

  return {
    /** The creation request of tus, after its metadata was parsed. */
    async begin(caller: Caller, input: NewVideo, request: Request): Promise<Response> {
      const { regionCode, byteLength } = input;
      const actor = actorWhoMay(caller, 'video.upload', { regionCode });
      await parts.regions.requireRegion(regionCode);
      await ensureRoom(byteLength);
      const now = instant(clock.now());
      const row: VideoRow = {
        ...input,
        ...{ id: newId<'video'>(), state: 'uploading', ownerAccountId: actor.accountId, createdAt: now },
        ...{ changedAt: now, priority: 0, progress: 0, reason: null, facts: null },
      };
      await insertVideo(db, row);
      ids.set(request, row.id);
      const response = await tus.handleWeb(request);
      if (!response.ok) await removeUnfinished(row);
      return response;
    },

    /** How far it is (HEAD), a piece of it (PATCH) or its end before time (DELETE). Throws `not-found`. */
    async proceed(caller: Caller, id: string, request: Request): Promise<Response> {
      const row = await findVideo(db, id);
      actorWhoMay(caller, 'video.upload', row && { regionCode: row.regionCode });
      // Only who began it, and while it is not whole: then there is no upload any more.
      if (!row || row.ownerAccountId !== caller?.accountId || row.state !== 'uploading')
        throw new HubError('not-found');
      const response = await tus.handleWeb(request);
      if (request.method === 'DELETE' && response.ok) await removeUnfinished(row);
      return response;
    },

    /** After a start: what was whole when the hub died goes on. */
    async resumeComplete(): Promise<void> {
      for (const row of await listVideosIn(db, ['uploading'])) {
        const here = [await files.uploadedBytes(row.id), await files.sourceBytes(row.id)];
        if (here.includes(row.byteLength)) await complete(row.id);
      }
    },

    /** Removes uploads that nobody went on with; returns how many. */
    async sweepExpired(): Promise<number> {
      const before = instant(clock.now() - EXPIRY_MS);
      const expired = (await listVideosIn(db, ['uploading'])).filter((row) => row.createdAt < before);
      for (const row of expired) await removeUnfinished(row);
      return expired.length;
    },
  };
}
