import { findBox, readBoxes } from '../recording/boxes.ts';
import { readTracks } from '../recording/fragment.ts';
import { readParameterSets } from '../recording/parameter-sets.ts';
import { readSampleDefaults, readSampleRuns } from '../recording/samples.ts';

const START_CODE = Buffer.from([0, 0, 0, 1]);
/** Between two of them a decoder knows that a picture is whole, and need not wait for the next. */
const DELIMITER = Buffer.from([0, 0, 0, 1, 9, 0xf0]);

/**
 * The first picture of a recorded fragment as an H.264 byte stream that can be decoded by itself, or null where it
 * does not begin with a keyframe. `init` is the init segment of the fragment.
 */
export function keyframeStream(init: Buffer, fragment: Buffer): Buffer | null {
  const moov = readBoxes(init).find(({ type }) => type === 'moov');
  const mvex = moov && findBox(moov, 'mvex');
  const moof = readBoxes(fragment)[0];
  const sets = moov && readParameterSets(moov);
  if (!mvex || !moof || moof.type !== 'moof' || !sets) return null;
  const trackId = readTracks(moov).find(({ kind }) => kind === 'video')?.trackId;
  const run = readSampleRuns(moof, readSampleDefaults(mvex)).find((one) => one.trackId === trackId);
  const first = run?.samples[0];
  if (!run || !first?.keyframe) return null;
  const picture = fragment.subarray(run.dataOffset, run.dataOffset + first.byteLength);
  const nals = [...sets, ...splitByLength(picture)].flatMap((nal) => [START_CODE, nal]);
  return Buffer.concat([DELIMITER, ...nals, DELIMITER]);
}

/** NAL units behind lengths of four bytes, as ffmpeg writes them. */
function splitByLength(sample: Buffer): Buffer[] {
  const nals: Buffer[] = [];
  for (let at = 0; at + 4 <= sample.length;) {
    const end = at + 4 + sample.readUInt32BE(at);
    nals.push(sample.subarray(at + 4, end));
    at = end;
  }
  return nals;
}
