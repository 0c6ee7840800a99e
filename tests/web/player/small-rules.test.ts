import { expect, it } from 'vitest';
import { clockOf } from '../../../web/lib/player/clock-words.ts';
import { layerForSize } from '../../../web/lib/player/layer-for-size.ts';
import { renewalPauseMs } from '../../../web/lib/player/line-keeper.ts';
import { renditionsOf } from '../../../web/lib/player/renditions.ts';
import { withPlace } from '../../../web/lib/player/replay-places.ts';
import { retryPauseMs } from '../../../web/lib/player/retry-pause.ts';
import { layerForHeight } from '../../../media/sfu/layers.ts';

it('reads what a master playlist offers, the sound last', () => {
  const master = [
    ...['#EXTM3U', '#EXT-X-STREAM-INF:BANDWIDTH=64000,CODECS="mp4a.40.2"', 't/sound.m3u8'],
    ...['#EXT-X-STREAM-INF:AVERAGE-BANDWIDTH=1,BANDWIDTH=300000,RESOLUTION=426x240', 't/240p.m3u8'],
    ...['#EXT-X-STREAM-INF:BANDWIDTH=900000,RESOLUTION=1280x720', 't/media.m3u8', ''],
  ].join('\n');
  expect(renditionsOf(master, 'http://hub/hls/b/index.m3u8')).toEqual([
    { url: 'http://hub/hls/b/t/media.m3u8', height: 720, bitsPerSecond: 900_000 },
    { url: 'http://hub/hls/b/t/240p.m3u8', height: 240, bitsPerSecond: 300_000 },
    { url: 'http://hub/hls/b/t/sound.m3u8', height: null, bitsPerSecond: 64_000 },
  ]);
});

it('keeps the places of the last sixty replays, and none at the beginning or the end', () => {
  expect(withPlace({}, 'a', 62.4, 600)).toEqual({ a: 62 });
  expect(withPlace({ a: 62 }, 'a', 3, 600)).toEqual({});
  expect(withPlace({ a: 62 }, 'a', 590, 600)).toEqual({});
  const many = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`b${at}`, 20]));
  const kept = Object.keys(withPlace(many, 'a', 62, 600));
  expect(kept).toHaveLength(60);
  expect([kept[0], kept.at(-1)]).toEqual(['b1', 'a']);
});

it('asks again ever more seldom, and for ever', () => {
  expect([0, 1, 2, 3, 4, 5, 500].map((failures) => retryPauseMs(failures, 1))).toEqual([
    500, 1000, 2000, 4000, 8000, 10_000, 10_000,
  ]);
  expect(retryPauseMs(2, 0)).toBe(1400);
  expect([1, 2, 3, 4, 9].map(renewalPauseMs)).toEqual([2500, 5000, 10_000, 20_000, 20_000]);
});

it('chooses the layer for a size as the hub does', () => {
  for (const layers of [1, 2, 3])
    for (let pixels = 100; pixels < 1500; pixels += 50)
      expect(layerForSize(pixels, layers)).toBe(layerForHeight(pixels, layers));
});

it.each([
  [0, '0:00'],
  [-3, '0:00'],
  [65.9, '1:05'],
  [3_845, '1:04:05'],
])('%f s: %s', (seconds, clock) => {
  expect(clockOf(seconds)).toBe(clock);
});
