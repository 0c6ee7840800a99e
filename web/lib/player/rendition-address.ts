import type { HlsOptions } from './hls-contract.ts';
import { readRenditions } from './renditions.ts';

/**
 * hls.js leaves a variant without a picture out of its choice where others have one, so a wish for one rendition is
 * given that rendition's own playlist. Where the hub has not got it, the master serves.
 */
export async function addressOf({ url, wish }: Pick<HlsOptions, 'url' | 'wish'>): Promise<string> {
  if (wish === 'auto' || wish === 'saving') return url;
  const found = (await readRenditions(url)).find(({ height }) =>
    wish === 'sound' ? height === null : height === Number.parseInt(wish, 10),
  );
  return found?.url ?? url;
}
