import { mkdir, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

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

    /** The whole upload becomes the video's source. Again after a crash in between: then it is there already. */
    async adopt(id: string): Promise<void> {
      await mkdir(folder(id), { recursive: true });
      await rename(join(uploads, id), join(folder(id), 'source')).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
      await rm(join(uploads, `${id}.json`), { force: true });
    },
    /** How much of an upload has come, in bytes. */
    uploadedBytes: (id: string) => sizeOf(join(uploads, id)),
    /** Whether the source is there whole. */
    sourceBytes: (id: string) => sizeOf(join(folder(id), 'source')),
    async writeSubtitle(id: string, name: string, content: string): Promise<void> {
      const place = join(folder(id), 'subtitles');
      await mkdir(place, { recursive: true });
      await writeFile(join(place, `${name}.part`), content);
      await rename(join(place, `${name}.part`), join(place, name));
    },
    removeSource: (id: string) => rm(join(folder(id), 'source'), { force: true }),
    /** What a transcoding that died left behind. */
    removeUnfinished: (id: string) => rm(join(folder(id), 'hls.part'), { recursive: true, force: true }),
    async remove(id: string): Promise<void> {
      await rm(folder(id), { recursive: true, force: true });
      await rm(join(uploads, id), { force: true });
      await rm(join(uploads, `${id}.json`), { force: true });
    },
    async freeBytes(): Promise<number> {
      await mkdir(uploads, { recursive: true });
      const { bavail, bsize } = await statfs(uploads);
      return bavail * bsize;
    },
  };
}

export type VideoFiles = ReturnType<typeof videoFiles>;

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
