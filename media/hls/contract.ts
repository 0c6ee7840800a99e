import type { Readable } from 'node:stream';
import type { Rendition } from './names.ts';

/**
 * One broadcast over HTTP, live or ended; the server's routes only translate. Names are those that stand in the
 * playlists: `media.m3u8`, `init-3.mp4`, `segment-12.m4s`, `part-3-57.m4s`, all relative to the media playlist; the same
 * with `sound` for the sound alone (`sound.m3u8`, `sound-part-3-57.m4s`) and with its lines for a smaller picture (`480p.m3u8`).
 */
export interface HlsSource {
  /**
   * Master playlist. `folderUri` is where the server serves all else, ending in `/`; `only` names one variant alone;
   * `query` (`?…`) ends the address of each media playlist, to tell caches one from another.
   */
  master(options: { folderUri: string; only?: Rendition; query?: string }): HlsAnswer;
  /**
   * Media playlist. With `msn` (and `part`) of `_HLS_msn` / `_HLS_part` it answers once that is listed; after three
   * target durations it answers with what there is, since an interrupted broadcast must not turn players away.
   * `skip` is `_HLS_skip=YES`. The signal ends the waiting when the client goes away.
   */
  awaitPlaylist(options?: {
    rendition?: Rendition;
    msn?: number;
    part?: number;
    skip?: boolean;
    signal?: AbortSignal;
  }): Promise<HlsAnswer>;
  /** An init, a segment or a part; the part hinted at is waited for. `range` is the raw `Range` header. */
  resource(name: string, options?: { range?: string; signal?: AbortSignal }): Promise<HlsAnswer>;
}

export type HlsAnswer =
  /** 200, `application/vnd.apple.mpegurl`. How long a cache may hand it on; 0: do not cache. */
  | { kind: 'playlist'; body: string; maxAgeSeconds: number }
  /**
   * 200, or 206 with `Content-Range: bytes start-end/totalBytes` where `range` is set. `byteLength` is of this body.
   * Always immutable. A `Readable` must be consumed or destroyed.
   */
  | {
      kind: 'media';
      contentType: string;
      body: Uint8Array | Readable;
      byteLength: number;
      range?: { start: number; end: number; totalBytes: number };
      maxAgeSeconds: number;
    }
  /** 400: `_HLS_msn` more than two segments or `_HLS_part` more than three seconds ahead, or `_HLS_part` alone. */
  | { kind: 'bad-request'; reason: string }
  /** 404: no such name, nothing recorded yet, or the hinted part did not come. */
  | { kind: 'not-found' }
  // 416 with Content-Range: bytes */totalBytes.
  | { kind: 'range-not-satisfiable'; totalBytes: number };
