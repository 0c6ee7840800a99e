import type { Stats } from 'node:fs';
import { mkdir, readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, renameDurably, sync, writeDurably } from '../../media/durable.ts';

/** Where the files of videos lie, all below the media storage; rows name none of these. */
export function videoFiles(storageDir: string) {
  const folder = (id: string) => join(storageDir, 'videos', id);
  const uploads = join(storageDir, 'uploads');
  return {
    uploads,
    /** Key relative to storage of a file that is served. */
    keyOf: (id: string, name: string) => `videos/${id}/hls/${name}`,
    subtitleKey: (id: string, name: string) => `videos/${id}/subtitles/${name}`,
    source: (id: string) => join(folder(id), 'source'),
    hls: (id: string) => join(folder(id), 'hls'),

    /**
     * The whole upload becomes the video's source, on the disk itself: its sender then throws theirs away. Again after a
     * crash in between, when it may be there already.
     */
    async adopt(id: string): Promise<void> {
      const [uploaded, source] = [join(uploads, id), join(folder(id), 'source')];
      await makeFolder(folder(id));
      if (await statOf(uploaded)) {
        await sync(uploaded);
        await renameDurably(uploaded, source);
      }
      await rm(join(uploads, `${id}.json`), { force: true });
    },
    /** How much of an upload has come, in bytes. */
    uploadedBytes: async (id: string) => (await statOf(join(uploads, id)))?.size ?? 0,
    /** When a byte of it came last (epoch ms); undefined where there is none. */
    uploadChangedAt: async (id: string) => (await statOf(join(uploads, id)))?.mtimeMs,
    /** How much of the source is there, in bytes. */
    sourceBytes: async (id: string) => (await statOf(join(folder(id), 'source')))?.size ?? 0,
    async writeSubtitle(id: string, name: string, content: string): Promise<void> {
      const place = join(folder(id), 'subtitles');
      await makeFolder(place);
      await writeDurably(join(place, `${name}.part`), content);
      await renameDurably(join(place, `${name}.part`), join(place, name));
    },
    removeSource: (id: string) => rm(join(folder(id), 'source'), { force: true }),
    /** What a transcoding that died left behind. */
    removeUnfinished: (id: string) => rm(join(folder(id), 'hls.part'), { recursive: true, force: true }),
    async remove(id: string): Promise<void> {
      await rm(folder(id), { recursive: true, force: true });
      await rm(join(uploads, id), { force: true });
      await rm(join(uploads, `${id}.json`), { force: true });
    },
    /** Ids under which files lie, of uploads and of videos. */
    async listIds(): Promise<string[]> {
      const names = await Promise.all([join(storageDir, 'videos'), uploads].map(namesIn));
      return [...new Set(names.flat().map((name) => name.replace(/\.json$/, '')))];
    },
    async freeBytes(): Promise<number> {
      await mkdir(uploads, { recursive: true });
      const { bavail, bsize } = await statfs(uploads);
      return bavail * bsize;
    },
  };
}

export type VideoFiles = ReturnType<typeof videoFiles>;

/** None where there is no such folder. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
