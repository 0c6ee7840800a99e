/**
 * Names of recorded files, relative to the storage directory. A segment's name carries what its row would, so that
 * one whose row was never written can be recovered.
 */
export const recordingFolder = (id: string) => `broadcasts/${id}`;

export const initKey = (id: string, initIndex: number) => `${recordingFolder(id)}/init-${initIndex}.mp4`;

/** The latest picture, and the one for after the end. Both are replaced while it is live. */
export const thumbnailKey = (id: string) => `${recordingFolder(id)}/thumbnail.jpg`;
export const posterKey = (id: string) => `${recordingFolder(id)}/poster.jpg`;

export function segmentKey(
  id: string,
  segment: { sequence: number; initIndex: number; startMs: number },
): string {
  const sequence = String(segment.sequence).padStart(6, '0');
  return `${recordingFolder(id)}/segment-${sequence}-${segment.initIndex}-${Math.round(segment.startMs)}.m4s`;
}

export function parseSegmentFile(
  name: string,
): { sequence: number; initIndex: number; startMs: number } | null {
  const found = /^segment-(\d{6,})-(\d+)-(\d+)\.m4s$/.exec(name);
  if (!found) return null;
  return { sequence: Number(found[1]), initIndex: Number(found[2]), startMs: Number(found[3]) };
}

export function parseInitFile(name: string): number | null {
  const found = /^init-(\d+)\.mp4$/.exec(name);
  return found ? Number(found[1]) : null;
}

/** Ids become folder names: nothing that a path could be made of. */
export function isSafeId(id: string): boolean {
  return /^[A-Za-z0-9_-]{1,100}$/.test(id);
}
