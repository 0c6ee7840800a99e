import { readFile } from 'node:fs/promises';
import { Upload } from 'tus-js-client';
import type { Someone } from './sign-in-as.ts';

interface Uploading {
  origin: string;
  someone: Someone;
  file: string;
  title?: string;
  visibility?: 'public' | 'signed-in' | 'owner';
  /** Goes on with an upload that was begun before. */
  uploadUrl?: string;
  chunkBytes?: number;
  /** The upload is broken off, as by a lost line, once so much has been accepted. */
  breakOffAfterBytes?: number;
}

/** Uploads by tus-js-client as the page does. Resolves with the address of the upload, whole or broken off. */
export async function uploadVideo(wanted: Uploading): Promise<{ url: string; bytesSent: number }> {
  const { origin, someone, file, title = '理货第一课', visibility = 'signed-in' } = wanted;
  const content = await readFile(file);
  let bytesSent = 0;
  return new Promise((resolve, reject) => {
    const upload = new Upload(content, {
      endpoint: `${origin}/uploads`,
      uploadUrl: wanted.uploadUrl ?? null,
      chunkSize: wanted.chunkBytes ?? 5_000_000,
      retryDelays: null,
      headers: { Cookie: someone.cookie },
      metadata: { title, visibility, regionCode: '533103' },
      onChunkComplete: (sent, accepted) => {
        bytesSent += sent;
        if (wanted.breakOffAfterBytes === undefined || accepted < wanted.breakOffAfterBytes) return;
        void upload.abort().then(() => resolve({ url: upload.url ?? '', bytesSent }), reject);
      },
      onSuccess: () => resolve({ url: upload.url ?? '', bytesSent }),
      onError: reject,
    });
    upload.start();
  });
}

export const videoIdIn = (uploadUrl: string) => uploadUrl.split('/').at(-1) ?? '';
