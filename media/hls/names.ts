/** What a broadcast is offered as: the picture with its sound as it came, or the sound alone. */
export const RENDITIONS = ['source', 'sound'] as const;
export type Rendition = (typeof RENDITIONS)[number];

/** The names that stand in the playlists. */
export type ResourceName = { rendition: Rendition } & (
  | { kind: 'init'; initIndex: number }
  | { kind: 'segment'; sequence: number }
  | { kind: 'part'; initIndex: number; index: number }
);

const prefix = (rendition: Rendition) => (rendition === 'sound' ? 'sound-' : '');

export const playlistName = (rendition: Rendition) => (rendition === 'sound' ? 'sound.m3u8' : 'media.m3u8');
export const initName = (initIndex: number, rendition: Rendition = 'source') =>
  `${prefix(rendition)}init-${initIndex}.mp4`;
export const segmentName = (sequence: number, rendition: Rendition = 'source') =>
  `${prefix(rendition)}segment-${sequence}.m4s`;
export const partName = (part: { initIndex: number; index: number }, rendition: Rendition = 'source') =>
  `${prefix(rendition)}part-${part.initIndex}-${part.index}.m4s`;

const MEDIA = /^(sound-)?(?:init-(\d{1,9})\.mp4|segment-(\d{1,9})\.m4s|part-(\d{1,9})-(\d{1,9})\.m4s)$/;

/** Null for anything that we never wrote into a playlist. */
export function parseResourceName(name: string): ResourceName | null {
  const found = MEDIA.exec(name);
  if (!found) return null;
  const [, ofSound, init, segment, partInit, part] = found;
  const rendition: Rendition = ofSound ? 'sound' : 'source';
  if (init !== undefined) return { rendition, kind: 'init', initIndex: Number(init) };
  if (segment !== undefined) return { rendition, kind: 'segment', sequence: Number(segment) };
  return { rendition, kind: 'part', initIndex: Number(partInit), index: Number(part) };
}
