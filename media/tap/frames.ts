import type { PictureFormat } from './sps.ts';

/** What a decoder needs before the first picture. */
export interface ParameterSets {
  sps: Buffer;
  pps: Buffer;
  format: PictureFormat;
}

/** One coded picture without parameter sets. `atMs` is milliseconds since 1970. */
export interface VideoFrame {
  atMs: number;
  keyframe: boolean;
  /** Set on keyframes. */
  picture: ParameterSets | null;
  nals: Buffer[];
}

/** One Opus packet. */
export interface AudioFrame {
  atMs: number;
  durationMs: number;
  payload: Buffer;
}

export function samePicture(a: ParameterSets, b: ParameterSets): boolean {
  return a.sps.equals(b.sps) && a.pps.equals(b.pps);
}
