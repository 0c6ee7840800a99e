import type { LowerRendition } from './contract.ts';

/**
 * Names of recorded files, relative to the storage directory. A segment's name carries what its row would, so that
 * one whose row was never written can be recovered.
 */
export const recordingFolder = (id: string) => `broadcasts/${id}`;

const prefix = (rendition?: LowerRendition) => (rendition ? `${rendition}-` : '');

export const initKey = (id: string, initIndex: number, rendition?: LowerRendition) =>
  `${recordingFolder(id)}/${prefix(rendition)}init-${initIndex}.mp4`;

/** The latest picture, and the one for after the end. Both are replaced while it is live. */
export const thumbnailKey = (id: string) => `${recordingFolder(id)}/thumbnail.jpg`;
export const posterKey = (id: string) => `${recordingFolder(id)}/poster.jpg`;

export function segmentKey(
  id: string,
  segment: { sequence: number; initIndex: number; startMs: number },
  rendition?: LowerRendition,
): string {
  const sequence = String(segment.sequence).padStart(6, '0');
  return `${recordingFolder(id)}/${prefix(rendition)}segment-${sequence}-${segment.initIndex}-${Math.round(segment.startMs)}.m4s`;
}

export function parseSegmentFile(
  name: string,
): { rendition?: LowerRendition; sequence: number; initIndex: number; startMs: number } | null {
  const found = /^(?:(\d{2,4}p)-)?segment-(\d{6,})-(\d+)-(\d+)\.m4s$/.exec(name);
  if (!found) return null;
  const [sequence, initIndex, startMs] = found.slice(2).map(Number) as [number, number, number];
  return { ...of(found[1]), sequence, initIndex, startMs };
}

export function parseInitFile(name: string): { rendition?: LowerRendition; initIndex: number } | null {
  const found = /^(?:(\d{2,4}p)-)?init-(\d+)\.mp4$/.exec(name);
  return found ? { ...of(found[1]), initIndex: Number(found[2]) } : null;
}

const of = (rendition: string | undefined) => (rendition ? { rendition: rendition as LowerRendition } : {});

/** Ids become folder names: nothing that a path could be made of. */
export function isSafeId(id: string): boolean {
  return /^[A-Za-z0-9_-]{1,100}$/.test(id);
}
