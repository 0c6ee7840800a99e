import { findBox, makeBox, readBoxes, type Box } from './boxes.ts';
import { readTracks } from './fragment.ts';

/**
 * The sound of what is recorded, as a view: a fragment holds either pictures or sound, so leaving out those of the
 * picture makes a file of its own, with nothing stored twice and nothing encoded.
 */

/** A valid file without samples: what a part holds whose sound came with a later one. */
const NOTHING = makeBox('free', Buffer.alloc(0));

/** The init segment with its sound track only. Throws a `RangeError` when it has none. */
export function soundInit(init: Buffer): Buffer {
  const boxes = readBoxes(init);
  const moov = boxes.find(({ type }) => type === 'moov');
  const trackId = moov && soundTrackId(moov);
  if (!moov || trackId === undefined) throw new RangeError('the init segment has no sound track');
  const children = readBoxes(moov.body).flatMap((child) => {
    if (child.type === 'trak') return trackIdOf(child) === trackId ? [child.bytes] : [];
    if (child.type === 'mvex') return [makeBox('mvex', defaultsOf(child, trackId))];
    return [child.bytes];
  });
  const before = boxes.filter(({ type }) => type !== 'moov').map(({ bytes }) => bytes);
  return Buffer.concat([...before, makeBox('moov', Buffer.concat(children))]);
}

/** The fragments of the sound in a segment or part; `init` is the init segment they belong to. */
export function soundFragments(media: Buffer, init: Buffer): Buffer {
  const moov = readBoxes(init).find(({ type }) => type === 'moov');
  const trackId = moov && soundTrackId(moov);
  const boxes = readBoxes(media);
  const kept = boxes.flatMap((box, at) => {
    const mdat = boxes[at + 1];
    if (box.type !== 'moof' || mdat?.type !== 'mdat' || fragmentTrackId(box) !== trackId) return [];
    return [box.bytes, mdat.bytes];
  });
  return kept.length > 0 ? Buffer.concat(kept) : NOTHING;
}

function soundTrackId(moov: Box): number | undefined {
  return readTracks(moov).find(({ kind }) => kind === 'audio')?.trackId;
}

function trackIdOf(trak: Box): number | undefined {
  const tkhd = findBox(trak, 'tkhd')?.body;
  return tkhd?.readUInt32BE(tkhd[0] === 1 ? 20 : 12);
}

function fragmentTrackId(moof: Box): number | undefined {
  return findBox(moof, 'traf', 'tfhd')?.body.readUInt32BE(4);
}

function defaultsOf(mvex: Box, trackId: number): Buffer {
  const kept = readBoxes(mvex.body).filter(
    ({ type, body }) => type !== 'trex' || body.readUInt32BE(4) === trackId,
  );
  return Buffer.concat(kept.map(({ bytes }) => bytes));
}
