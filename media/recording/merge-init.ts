import { makeBox, readBoxes, type Box } from './boxes.ts';

/**
 * One moov out of two that describe a track each: the second's track and its defaults are added to the first's.
 * Their fragments can then stand in one file, as they carry different track ids.
 */
export function mergeInits(first: Box, second: Box): Buffer {
  const children = readBoxes(first.body);
  const added = readBoxes(second.body);
  const trak = pick(added, 'trak');
  const trex = pick(readBoxes(pick(added, 'mvex').body), 'trex');
  const body = children.flatMap((child) => {
    if (child.type === 'mvex') return [trak.bytes, makeBox('mvex', Buffer.concat([child.body, trex.bytes]))];
    if (child.type === 'mvhd') return [withNextTrackId(child.bytes)];
    return [child.bytes];
  });
  return makeBox('moov', Buffer.concat(body));
}

function pick(boxes: Box[], type: string): Box {
  const found = boxes.find((candidate) => candidate.type === type);
  if (!found) throw new RangeError(`the init segment has no ${type} box`);
  return found;
}

/** next_track_ID is the last field of mvhd. */
function withNextTrackId(mvhd: Buffer): Buffer {
  const copy = Buffer.from(mvhd);
  copy.writeUInt32BE(3, copy.length - 4);
  return copy;
}
