import type { Rendition, VideoFacts } from './contract.ts';

/** Heights offered, with their highest bit rate; a portrait picture is measured by its width. */
const RUNGS = [
  { size: 720, maxBitrate: 2_000_000 },
  { size: 480, maxBitrate: 900_000 },
  { size: 240, maxBitrate: 350_000 },
];

/**
 * What a video is offered as, in the order it is made: the cheapest first. Never larger than the source; a source that can
 * stand in HLS as it is and is no larger than the first rung is copied instead of encoded.
 */
export function planRenditions(facts: VideoFacts): Rendition[] {
  const short = Math.min(facts.width, facts.height);
  const sound = facts.audioCodec !== null;
  const copied = facts.copyable && short <= RUNGS[0]!.size;
  const rungs = RUNGS.filter(({ size }) => (copied ? size < short : size <= short));
  const encoded = rungs.length > 0 || copied ? rungs : [{ size: even(short), maxBitrate: 350_000 }];
  const videos = encoded.map(({ size, maxBitrate }): Rendition => {
    const scale = size / short;
    const [width, height] = [even(facts.width * scale), even(facts.height * scale)];
    return { kind: 'video', name: `${size}p`, width, height, copy: false, maxBitrate, sound };
  });
  const { width, height } = facts;
  if (copied)
    videos.unshift({ kind: 'video', name: 'source', width, height, copy: true, maxBitrate: 0, sound });
  return [...(sound ? [{ kind: 'audio', name: 'audio' } as const] : []), ...videos.reverse()];
}

/** 4:2:0 needs even sides. */
function even(size: number): number {
  return Math.max(2, Math.round(size / 2) * 2);
}
