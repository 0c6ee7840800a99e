import { nalType } from './h264-assembler.ts';

const ACCESS_UNIT_DELIMITER = 9;

/** Splits an H.264 byte stream (Annex B) with access unit delimiters into pictures, delimiters left out. */
export function splitPictures(stream: Buffer): Buffer[][] {
  const pictures: Buffer[][] = [];
  for (const nal of splitNals(stream)) {
    if (nalType(nal) === ACCESS_UNIT_DELIMITER) pictures.push([]);
    else pictures.at(-1)?.push(nal);
  }
  return pictures;
}

function splitNals(stream: Buffer): Buffer[] {
  const startCode = Buffer.from([0, 0, 1]);
  const nals: Buffer[] = [];
  let at = stream.indexOf(startCode);
  while (at >= 0) {
    const next = stream.indexOf(startCode, at + 3);
    let end = next < 0 ? stream.length : next;
    // A four-byte start code, or trailing zeros: a NAL unit never ends in a zero byte.
    while (end > at + 3 && stream[end - 1] === 0) end -= 1;
    nals.push(stream.subarray(at + 3, end));
    at = next;
  }
  return nals;
}
