import { Server as TusServer } from '@tus/server';
import type { Caller } from '../platform/access/actor.ts';
import { actorWhoMay } from '../platform/access/decide.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database, Reader } from '../platform/database/open.ts';
import { HubError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Regions } from '../regions/service.ts';
import type { VideoFiles } from './files.ts';
import type { VideoQueue } from './queue.ts';
import { hasRoom, overBudget, type UploadBudget } from './rules.ts';
import { deleteVideoRow, findVideo, insertVideo, listVideosIn, type VideoRow } from './store.ts';
import { UploadStore, writeFault } from './upload-store.ts';

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

export interface UploadLimits {
  /** The largest video that is taken. */
  maxUploadBytes: number;
  unfinishedPerAccount: UploadBudget;
  /** What uploads leave free on the disk. */
  reserveBytes: number;
}

/** Resumable uploads by tus 1.0: who may and whether there is room is decided before a byte is taken. */
export function openUploads(parts: {
  db: Database;
  clock: Clock;
  regions: Pick<Regions, 'requireRegion'>;
  files: VideoFiles;
  queue: VideoQueue;
  limits: UploadLimits;
}) {
  const { db, clock, files, queue, limits } = parts;
  const ids = new WeakMap<Request, string>();
  const faults = new WeakMap<Request, Error>();
  const completing = new Map<string, Promise<void>>();
  const tus = new TusServer({
    path: UPLOADS_PATH,
    relativeLocation: true,
    datastore: new UploadStore(files.uploads, async () => (await files.freeBytes()) >= limits.reserveBytes),
    maxSize: limits.maxUploadBytes,
    namingFunction: (request) => ids.get(request) ?? newId<'video'>(),
    onUploadFinish: async (_, { id }) => {
      await complete(id);
      return {};
    },
    onResponseError: (request, error) => {
      // What is no refusal of tus's own is told as the rest of the hub tells it.
      if (error instanceof Error) faults.set(request, writeFault(error));
      return undefined;
    },
  });

  /** Asks tus. Throws what our own parts threw, and tells until when the upload is kept. */
  async function askTus(request: Request): Promise<Response> {
    const response = await tus.handleWeb(request);
    const fault = faults.get(request);
    if (fault) throw fault;
    if (response.ok && request.method !== 'DELETE')
      response.headers.set('Upload-Expires', new Date(clock.now() + EXPIRY_MS).toUTCString());
    return response;
  }

  /** A whole upload becomes a video that waits for its check; once, however many ask for it at a time. */
  function complete(id: string): Promise<void> {
    const under = completing.get(id);
    if (under) return under;
    const completed = (async () => {
      await files.adopt(id);
      await queue.advance(id, 'upload-complete');
      queue.kick();
    })().finally(() => completing.delete(id));
    completing.set(id, completed);
    return completed;
  }

  /** Takes over an upload that is whole and was not taken over when it became so: the hub died or the database failed. */
  async function completeIfWhole(row: VideoRow): Promise<boolean> {
    if (row.state !== 'uploading') return false;
    const here = [await files.uploadedBytes(row.id), await files.sourceBytes(row.id)];
    if (!here.includes(row.byteLength)) return false;
    await complete(row.id);
    return true;
  }

  /** The row of a new upload, if there is room. Throws `video.too-many-uploads`, `video.too-much-unfinished`, `storage.full`. */
  async function takeIn(row: VideoRow): Promise<void> {
    const freeBytes = await files.freeBytes();
    const come = new Map<string, number>();
    for (const { id } of await listVideosIn(db, ['uploading'])) come.set(id, await files.uploadedBytes(id));
    await db.transaction(async (tx) => {
      const unfinished = await ensureBudget(tx, row);
      const pendingBytes = unfinished.reduce((sum, one) => sum + one.byteLength - (come.get(one.id) ?? 0), 0);
      const { reserveBytes } = limits;
      if (!hasRoom({ freeBytes, reserveBytes, pendingBytes, wantedBytes: row.byteLength }))
        throw new HubError('storage.full');
      await insertVideo(tx, row);
    });
  }

  async function ensureBudget(tx: Reader, { ownerAccountId, byteLength }: VideoRow): Promise<VideoRow[]> {
    const unfinished = await listVideosIn(tx, ['uploading']);
    const own = unfinished.filter((one) => one.ownerAccountId === ownerAccountId);
    const bytes = own.reduce((sum, one) => sum + one.byteLength, 0);
    const most = limits.unfinishedPerAccount;
    const over = overBudget({ uploads: own.length, bytes }, most, byteLength);
    if (over === 'too-many') throw new HubError('video.too-many-uploads', { params: { most: most.uploads } });
    if (over === 'too-much')
      throw new HubError('video.too-much-unfinished', {
        params: {
          mostMegabytes: Math.floor(most.bytes / 1e6),
          leftMegabytes: Math.max(0, Math.floor((most.bytes - bytes) / 1e6)),
        },
      });
    return unfinished;
  }

  async function removeUnfinished(row: VideoRow): Promise<void> {
    await deleteVideoRow(db, row.id);
    await files.remove(row.id);
  }

  return {
    completeIfWhole,

    /**
     * The creation request of tus, after its metadata was parsed. Throws `video.too-large`, `video.too-many-uploads`,
     * `video.too-much-unfinished` and `storage.full` before anything is written.
     */
    async begin(caller: Caller, input: NewVideo, request: Request): Promise<Response> {
      const { regionCode, byteLength } = input;
      const actor = actorWhoMay(caller, 'video.upload', { regionCode });
      await parts.regions.requireRegion(regionCode);
      if (byteLength > limits.maxUploadBytes)
        throw new HubError('video.too-large', {
          params: { maxMegabytes: Math.floor(limits.maxUploadBytes / 1e6) },
        });
      const now = instant(clock.now());
      const row: VideoRow = {
        ...input,
        ...{ id: newId<'video'>(), state: 'uploading', ownerAccountId: actor.accountId, createdAt: now },
        ...{ changedAt: now, priority: 0, progress: 0, reason: null, facts: null },
      };
      await takeIn(row);
      ids.set(request, row.id);
      try {
        const response = await askTus(request);
        if (!response.ok) await removeUnfinished(row);
        return response;
      } catch (error) {
        // Its sender does not know its address: nobody could go on with it.
        await removeUnfinished(row);
        throw error;
      }
    },

    /** How far it is (HEAD), a piece of it (PATCH) or its end before time (DELETE). Throws `not-found`, `storage.full`. */
    async proceed(caller: Caller, id: string, request: Request): Promise<Response> {
      const row = await findVideo(db, id);
      actorWhoMay(caller, 'video.upload', row && { regionCode: row.regionCode });
      // Only who began it.
      if (!row || row.ownerAccountId !== caller?.accountId) throw new HubError('not-found');
      if (request.method === 'HEAD' && (row.state !== 'uploading' || (await completeIfWhole(row))))
        return asWhole(row);
      if (row.state !== 'uploading') throw new HubError('not-found');
      const response = await askTus(request);
      if (request.method === 'DELETE' && response.ok) await removeUnfinished(row);
      return response;
    },

    /** After a start: what was whole when the hub died goes on; what it died over before there was a file is nobody's. */
    async resumeComplete(): Promise<void> {
      for (const row of await listVideosIn(db, ['uploading'])) {
        if (await completeIfWhole(row)) continue;
        if ((await files.uploadChangedAt(row.id)) === undefined) await removeUnfinished(row);
      }
    },

    /** Removes uploads that nobody went on with; returns how many. */
    async sweepExpired(): Promise<number> {
      const before = clock.now() - EXPIRY_MS;
      let removed = 0;
      for (const row of await listVideosIn(db, ['uploading'])) {
        const lastAt = Math.max(Date.parse(row.createdAt), (await files.uploadChangedAt(row.id)) ?? 0);
        if (lastAt >= before || (await completeIfWhole(row))) continue;
        await removeUnfinished(row);
        removed += 1;
      }
      return removed;
    },

    /** Removes files whose row is gone: the hub died while a video was deleted. Returns of how many videos. */
    async sweepOrphans(): Promise<number> {
      // A row is always there before its files: what is listed first and has none then will never have one.
      let removed = 0;
      for (const id of await files.listIds()) {
        if (await findVideo(db, id)) continue;
        await files.remove(id);
        removed += 1;
      }
      return removed;
    },
  };
}

/** What tus says of an upload that has come whole: a sender who did not hear it the first time sends nothing again. */
function asWhole({ byteLength }: VideoRow): Response {
  const length = String(byteLength);
  return new Response(null, {
    headers: {
      ...{ 'Tus-Resumable': '1.0.0', 'Cache-Control': 'no-store' },
      ...{ 'Upload-Offset': length, 'Upload-Length': length },
    },
  });
}
