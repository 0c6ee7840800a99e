import type { LowerRendition } from '../recording/contract.ts';

/** What a broadcast is offered as: the picture with its sound as it came, in a smaller size, or the sound alone. */
export type Rendition = 'source' | 'sound' | LowerRendition;

/** The names that stand in the playlists. */
export type ResourceName = { rendition: Rendition } & (
  | { kind: 'init'; initIndex: number }
  | { kind: 'segment'; sequence: number }
  | { kind: 'part'; initIndex: number; index: number }
);

const prefix = (rendition: Rendition) => (rendition === 'source' ? '' : `${rendition}-`);

export const playlistName = (rendition: Rendition) =>
  rendition === 'source' ? 'media.m3u8' : `${rendition}.m3u8`;

/** Null for a name that no media playlist has. */
export function parsePlaylistName(name: string): Rendition | null {
  if (name === 'media.m3u8') return 'source';
  const found = /^(sound|[1-9]\d{1,3}p)\.m3u8$/.exec(name);
  return found ? (found[1] as Rendition) : null;
}

export const initName = (initIndex: number, rendition: Rendition = 'source') =>
  `${prefix(rendition)}init-${initIndex}.mp4`;
export const segmentName = (sequence: number, rendition: Rendition = 'source') =>
  `${prefix(rendition)}segment-${sequence}.m4s`;
export const partName = (part: { initIndex: number; index: number }, rendition: Rendition = 'source') =>
  `${prefix(rendition)}part-${part.initIndex}-${part.index}.m4s`;

const MEDIA =
  /^(?:(sound|[1-9]\d{1,3}p)-)?(?:init-(\d{1,9})\.mp4|segment-(\d{1,9})\.m4s|part-(\d{1,9})-(\d{1,9})\.m4s)$/;

/** Null for anything that we never wrote into a playlist. */
export function parseResourceName(name: string): ResourceName | null {
  const found = MEDIA.exec(name);
  if (!found) return null;
  const [, named, init, segment, partInit, part] = found;
  const rendition = (named ?? 'source') as Rendition;
  if (init !== undefined) return { rendition, kind: 'init', initIndex: Number(init) };
  if (segment !== undefined) return { rendition, kind: 'segment', sequence: Number(segment) };
  return { rendition, kind: 'part', initIndex: Number(partInit), index: Number(part) };
}
