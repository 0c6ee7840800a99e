/** What the server keeps as rows. Enough to rebuild every playlist of the broadcast. */
export interface Recording {
  inits: InitRecord[];
  segments: SegmentRecord[];
  /** What was made of it in smaller sizes: for some of the segments or all of them, under their numbers. */
  lower?: { inits: InitRecord[]; segments: SegmentRecord[] };
}

/** A smaller size of the picture by its lines, for example `480p`. */
export type LowerRendition = `${number}p`;

/** One init segment (ftyp + moov). An epoch is one run of the muxer: a discontinuity and an init of its own. */
export interface InitRecord {
  /** Absent: the source itself. */
  rendition?: LowerRendition;
  /** 0, 1, 2 … within the broadcast. */
  initIndex: number;
  /** Storage key relative to the storage directory, `/`-separated. */
  file: string;
  byteLength: number;
  /** RFC 6381, for the master playlist, for example `avc1.42c01f,mp4a.40.2`. */
  codecs: string;
  /** Picture size in pixels. */
  width: number;
  height: number;
}

/** One media segment, whole fragments only. */
export interface SegmentRecord {
  /** Absent: the source itself. */
  rendition?: LowerRendition;
  /** Media sequence number, 0, 1, 2 … without holes. */
  sequence: number;
  /** Rises by one wherever decoding cannot simply go on (equals the init's index). */
  discontinuitySequence: number;
  initIndex: number;
  /** Storage key relative to the storage directory. */
  file: string;
  durationMs: number;
  byteLength: number;
  /** Wall clock at the segment's first frame, ISO 8601 in UTC with milliseconds. */
  programDateTime: string;
  /** Whether it starts with a keyframe. */
  keyframeAligned: boolean;
}
