import { suggestedKbps } from './encoder-rules.ts';

/** A picture as it comes, and what the encoder says its rate is. */
export interface SourcePicture {
  width: number;
  height: number;
  kbps: number | undefined;
}

export interface EncodedPicture {
  width: number;
  height: number;
  kbps: number;
}

/** The longer and the shorter side of what is encoded at most. */
const MOST_LONG = 1280;
const MOST_SHORT = 720;
const MOST_PIXELS = MOST_LONG * MOST_SHORT;
const LEAST_KBPS = 200;
/** Above what is suggested by so much: more would be work and bytes that nobody sees. */
const MOST_OF_SUGGESTED = 1.4;

/** What a picture is encoded as: its size where that is not more than 720p, about its own rate, even sides. */
export function encodedPicture({ width, height, kbps }: SourcePicture): EncodedPicture {
  const [long, short] = [Math.max(width, height), Math.min(width, height)];
  const factor = Math.min(1, MOST_LONG / long, MOST_SHORT / short);
  const even = (side: number) => Math.max(2, 2 * Math.round((side * factor) / 2));
  const suggested = suggestedKbps(Math.min(even(width), even(height)));
  const most = Math.round(suggested * MOST_OF_SUGGESTED);
  return {
    width: even(width),
    height: even(height),
    kbps: Math.min(most, Math.max(LEAST_KBPS, Math.round(kbps ?? suggested))),
  };
}

/** Cores that decoding and encoding are taken to need at 30 pictures a second: twice what a test picture was measured at. */
export function reencodingCost(source: SourcePicture, encoded: EncodedPicture): number {
  const decoding = 0.1 * ((source.width * source.height) / MOST_PIXELS);
  const encoding = 0.35 * ((encoded.width * encoded.height) / MOST_PIXELS);
  return 0.05 + decoding + encoding;
}
