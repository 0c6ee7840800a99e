import type { PictureFormat } from './sps.ts';

export interface ParameterSets {
  sps: Buffer;
  pps: Buffer;
}

/** What a decoder needs before the first picture. `raw` is I420, as it comes from the compositor. */
export type PictureStream =
  | { coding: 'h264'; format: PictureFormat; sets: ParameterSets }
  | { coding: 'vp8' | 'raw'; format: PictureFormat; sets: null };

/** One coded picture without parameter sets. `atMs` is milliseconds since 1970. */
export interface VideoFrame {
  atMs: number;
  keyframe: boolean;
  /** Set on keyframes. */
  picture: PictureStream | null;
  /** NAL units without start codes or lengths; of other codings the one whole frame. */
  nals: Buffer[];
}

/** One Opus packet. */
export interface AudioFrame {
  atMs: number;
  durationMs: number;
  payload: Buffer;
}

export function samePicture(a: PictureStream, b: PictureStream): boolean {
  if (a.coding !== b.coding || a.format.width !== b.format.width || a.format.height !== b.format.height)
    return false;
  if (!a.sets || !b.sets) return a.sets === b.sets;
  return a.sets.sps.equals(b.sets.sps) && a.sets.pps.equals(b.sets.pps);
}
