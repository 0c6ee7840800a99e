import type { Video } from '#lib/api/shapes.ts';

/** What a lesson's player must know of what it plays: an uploaded video, or the replay of a class. */
export interface Watchable {
  id: string;
  title: string;
  addresses: { hls: string; poster?: string | null };
  subtitles: Video['subtitles'];
}

/** How the reader left it, perhaps on another device. */
export interface Remembered {
  /** Seconds. */
  position: number;
  speed: number;
  /** The language of the captions, or `off`; null: never chosen. */
  captions: string | null;
}
