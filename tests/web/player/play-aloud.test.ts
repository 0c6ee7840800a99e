import { expect, it } from 'vitest';
import { playAloud } from '../../../web/lib/player/play-aloud.ts';

/** A video element as far as playing goes: refuses with the given error names, one a try. */
function videoThatRefuses(...names: string[]) {
  const refusals = names.map((name) => new DOMException('no', name));
  const video = {
    muted: false,
    play: async () => {
      const refusal = refusals.shift();
      if (refusal) throw refusal;
    },
  };
  return video as HTMLVideoElement;
}

it.each([
  ['plays aloud where it may', [], true, 'aloud', false],
  ['plays without sound where phones want a touch first', ['NotAllowedError'], true, 'muted', true],
  ['asks for a touch where nothing plays', ['NotAllowedError', 'NotAllowedError'], true, 'refused', true],
  ['stays without sound when the reader wants none', [], false, 'muted', true],
  ['is not refused by a newer source', ['AbortError', 'AbortError'], true, 'muted', true],
] as const)('%s', async (_, refusals, wantsSound, outcome, muted) => {
  const video = videoThatRefuses(...refusals);
  expect(await playAloud(video, wantsSound)).toBe(outcome);
  expect(video.muted).toBe(muted);
});
