import fsp from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

/** One thing about to be done to the disk, in words: `sync /a`, `rename /a /b`, `remove /a`. */
export type DiskStep = string;

/**
 * From now on tells each step below `folder` before it is done, for all code of this process. Call it before that code is
 * imported.
 */
export function watchDiskSteps(folder: string, onStep: (step: DiskStep) => void): void {
  const { open, rename, rm } = fsp;
  const tell = (what: string, ...paths: unknown[]) => {
    if (String(paths[0]).startsWith(folder)) onStep([what, ...paths].join(' '));
  };
  fsp.open = async (path, ...more) => {
    const handle = await open(path, ...more);
    for (const name of ['sync', 'datasync'] as const) {
      const original = handle[name].bind(handle);
      handle[name] = () => (tell('sync', path), original());
    }
    return handle;
  };
  fsp.rename = (from, to) => (tell('rename', from, to), rename(from, to));
  fsp.rm = (path, options) => (tell('remove', path), rm(path, options));
  syncBuiltinESMExports();
}
