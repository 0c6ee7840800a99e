/** Uploaded videos: what is known of them and what they become. The media folder knows no rows and no people. */

/** What the content of a file says. Width and height are as shown, after the rotation that phones write. */
export interface VideoFacts {
  durationMs: number;
  width: number;
  height: number;
  videoCodec: string;
  /** Null: there is no sound. */
  audioCodec: string | null;
  /** As a fraction, for example `30000/1001`. */
  frameRate: string;
  /** The picture can stand in HLS as it is: 8-bit 4:2:0 H.264, AAC-LC or no sound, keyframes near enough, not turned. */
  copyable: boolean;
}

/** Why a file is no video lesson. The reader's words for each are the web's. */
export const REFUSALS = [
  /** Not a container ffmpeg can read: a renamed document, or an MP4 cut off before its index. */
  'unreadable',
  'no-picture',
  'too-short',
  'too-long',
  'picture-too-large',
  /** Ends before the length it claims. */
  'cut-off',
  /** Frames that no decoder makes sense of. */
  'undecodable',
] as const;
export type Refusal = (typeof REFUSALS)[number];

export type Inspection = { ok: true; facts: VideoFacts } | { ok: false; refusal: Refusal; detail: string };

/** One stream of the HLS ladder. `name` is the stem of its file names: `720p`, `source`, `audio`. */
export type Rendition =
  | {
      kind: 'video';
      name: string;
      width: number;
      height: number;
      copy: boolean;
      maxBitrate: number;
      sound: boolean;
    }
  | { kind: 'audio'; name: 'audio' };
