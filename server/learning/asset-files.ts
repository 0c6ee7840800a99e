import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HubError } from '../platform/errors.ts';
import { acceptPicture } from '../platform/pictures/accept-picture.ts';

/** What a course may bring, by how the name ends. */
const MEDIA_TYPES: Record<string, string> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
};

export type AssetFiles = ReturnType<typeof openAssetFiles>;

export interface CheckedFile {
  bytes: Buffer;
  sha256: string;
  mediaType: string;
}

/** The files of courses and of work that was handed in: kept under the hash of their bytes, so the same one is kept once. */
export function openAssetFiles(storageDir: string) {
  const pathOf = (folder: 'courses' | 'course-work', sha256: string) =>
    join(storageDir, folder, sha256.slice(0, 2), sha256);
  return {
    /** Durable when it resolves. */
    async keep(folder: 'courses' | 'course-work', file: CheckedFile): Promise<void> {
      const path = pathOf(folder, file.sha256);
      if ((await sizeOf(path)) === file.bytes.length) return;
      await mkdir(dirname(path), { recursive: true });
      const part = `${path}.${randomUUID()}.part`;
      try {
        const handle = await open(part, 'wx');
        try {
          await handle.writeFile(file.bytes);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(part, path);
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      }
    },
    /** Throws `not-found`. */
    async read(folder: 'courses' | 'course-work', sha256: string): Promise<Buffer> {
      return readFile(pathOf(folder, sha256)).catch((error: NodeJS.ErrnoException) => {
        throw error.code === 'ENOENT' ? new HubError('not-found') : error;
      });
    },
    async has(folder: 'courses' | 'course-work', sha256: string): Promise<boolean> {
      return (await sizeOf(pathOf(folder, sha256))) !== undefined;
    },
  };
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export function mediaTypeOf(name: string): string | undefined {
  return MEDIA_TYPES[name.slice(name.lastIndexOf('.') + 1).toLowerCase()];
}

/**
 * Takes a file of a course by what it is. Pictures lose what their camera wrote beside them. Throws `asset.unsupported`
 * when it is nothing a course may bring, or not what its name says.
 */
export function checkAssetFile(name: string, bytes: Buffer): CheckedFile {
  const mediaType = mediaTypeOf(name);
  const refuse = (message: string) => new HubError('asset.unsupported', { message, params: { name } });
  if (!mediaType) throw refuse(`${name}: courses bring JPEG, PNG, WebP, SVG and PDF`);
  if (mediaType === 'image/svg+xml') {
    const fault = faultOfDrawing(bytes);
    if (fault) throw refuse(`${name}: ${fault}`);
    return hashed(bytes, mediaType);
  }
  if (mediaType === 'application/pdf') {
    if (bytes.toString('latin1', 0, 5) !== '%PDF-') throw refuse(`${name} is no PDF`);
    return hashed(bytes, mediaType);
  }
  const picture = acceptPicture(bytes);
  if (picture.mediaType !== mediaType) throw refuse(`${name} is really ${picture.mediaType}`);
  return hashed(picture.bytes, mediaType);
}

function hashed(bytes: Buffer, mediaType: string): CheckedFile {
  return { bytes, mediaType, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/**
 * Drawings are shown as pictures and served so that nothing in them can run; what could is refused all the same, for a
 * course may be taken to another hub.
 */
function faultOfDrawing(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8');
  if (!/^(\uFEFF)?\s*(<\?xml[^>]*\?>\s*)?(<!--[\s\S]*?-->\s*)*<svg[\s>]/.test(text)) return 'it is no SVG';
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) return 'it declares a document type';
  if (/<\s*(\w+:)?(script|foreignObject|iframe|embed|object|audio|video)\b/i.test(text))
    return 'it holds more than a drawing';
  if (/\son\w+\s*=/i.test(text)) return 'it holds a script';
  if (
    /(href|src)\s*=\s*["']?\s*(?!#|["']?#)[^"'\s#]/i.test(text) ||
    /url\(\s*["']?(?!#)/i.test(text) ||
    /@import/i.test(text)
  )
    return 'it points outside itself';
  return undefined;
}
