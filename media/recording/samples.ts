import { readBoxes, type Box } from './boxes.ts';

/** One coded picture or frame of sound. Durations and offsets in ticks of its track. */
export interface Sample {
  byteLength: number;
  duration: number;
  keyframe: boolean;
  /** Of its showing behind its decoding. */
  compositionOffset: number;
}

/** Samples that lie one after the other: one trun. */
export interface SampleRun {
  trackId: number;
  /** Of the first of them. */
  decodeTime: number;
  /** Where they begin, counted from the start of the moof (default-base-is-moof). */
  dataOffset: number;
  samples: Sample[];
}

/** What stands in trex for a track, used where a fragment says nothing of its own. */
export interface SampleDefaults {
  duration: number;
  size: number;
  flags: number;
}

const NON_SYNC = 0x10000;

export function readSampleDefaults(mvex: Box): Map<number, SampleDefaults> {
  return new Map(
    readBoxes(mvex.body)
      .filter(({ type }) => type === 'trex')
      .map(({ body }) => [
        body.readUInt32BE(4),
        { duration: body.readUInt32BE(12), size: body.readUInt32BE(16), flags: body.readUInt32BE(20) },
      ]),
  );
}

/** Every run of a fragment (ISO 14496-12 8.8). */
export function readSampleRuns(moof: Box, defaults: ReadonlyMap<number, SampleDefaults>): SampleRun[] {
  return readBoxes(moof.body)
    .filter(({ type }) => type === 'traf')
    .flatMap((traf) => {
      const boxes = readBoxes(traf.body);
      const tfhd = boxes.find(({ type }) => type === 'tfhd')?.body;
      const tfdt = boxes.find(({ type }) => type === 'tfdt')?.body;
      if (!tfhd || !tfdt) return [];
      const trackId = tfhd.readUInt32BE(4);
      const own = overridden(tfhd, defaults.get(trackId) ?? { duration: 0, size: 0, flags: 0 });
      let decodeTime = tfdt[0] === 1 ? Number(tfdt.readBigUInt64BE(4)) : tfdt.readUInt32BE(4);
      return boxes
        .filter(({ type }) => type === 'trun')
        .map(({ body }) => {
          const run = { trackId, decodeTime, ...readRun(body, own) };
          decodeTime += run.samples.reduce((sum, { duration }) => sum + duration, 0);
          return run;
        });
    });
}

function overridden(tfhd: Buffer, defaults: SampleDefaults): SampleDefaults {
  const present = tfhd.readUInt32BE(0) & 0xffffff;
  let at = 8 + (present & 0x01 ? 8 : 0) + (present & 0x02 ? 4 : 0);
  const next = (flag: number, otherwise: number) => {
    if (!(present & flag)) return otherwise;
    at += 4;
    return tfhd.readUInt32BE(at - 4);
  };
  const duration = next(0x08, defaults.duration);
  const size = next(0x10, defaults.size);
  return { duration, size, flags: next(0x20, defaults.flags) };
}

function readRun(body: Buffer, defaults: SampleDefaults): Pick<SampleRun, 'dataOffset' | 'samples'> {
  const present = body.readUInt32BE(0) & 0xffffff;
  const count = body.readUInt32BE(4);
  let at = 8;
  const next = (flag: number, otherwise: number) => {
    if (!(present & flag)) return otherwise;
    at += 4;
    return body.readUInt32BE(at - 4);
  };
  const dataOffset = next(0x01, 0);
  const firstFlags = next(0x04, defaults.flags);
  const samples = Array.from({ length: count }, (_, index) => {
    const duration = next(0x100, defaults.duration);
    const byteLength = next(0x200, defaults.size);
    const flags = next(0x400, index === 0 ? firstFlags : defaults.flags);
    const compositionOffset = next(0x800, 0) | 0;
    return { byteLength, duration, keyframe: (flags & NON_SYNC) === 0, compositionOffset };
  });
  return { dataOffset, samples };
}
