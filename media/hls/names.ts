/** The names that stand in the playlists. */
export type ResourceName =
  | { kind: 'init'; initIndex: number }
  | { kind: 'segment'; sequence: number }
  | { kind: 'part'; initIndex: number; index: number };

export const initName = (initIndex: number) => `init-${initIndex}.mp4`;
export const segmentName = (sequence: number) => `segment-${sequence}.m4s`;
export const partName = (part: { initIndex: number; index: number }) =>
  `part-${part.initIndex}-${part.index}.m4s`;

/** Null for anything that we never wrote into a playlist. */
export function parseResourceName(name: string): ResourceName | null {
  const found = /^(?:init-(\d{1,9})\.mp4|segment-(\d{1,9})\.m4s|part-(\d{1,9})-(\d{1,9})\.m4s)$/.exec(name);
  if (!found) return null;
  const [, init, segment, partInit, part] = found;
  if (init !== undefined) return { kind: 'init', initIndex: Number(init) };
  if (segment !== undefined) return { kind: 'segment', sequence: Number(segment) };
  return { kind: 'part', initIndex: Number(partInit), index: Number(part) };
}
