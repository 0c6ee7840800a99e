/** What a sequence parameter set (H.264 7.3.2.1) says about the picture. */
export interface PictureFormat {
  /** RFC 6381, for example `avc1.42c01f`. */
  codec: string;
  width: number;
  height: number;
}

const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128]);

/** Takes the whole NAL unit with its header byte; throws RangeError on one that is cut short. */
export function readPictureFormat(sps: Buffer): PictureFormat {
  const bits = new BitReader(withoutEmulationPrevention(sps.subarray(1)));
  const profile = bits.take(8);
  const constraints = bits.take(8);
  const level = bits.take(8);
  bits.unsigned();
  let chromaFormat = 1;
  if (HIGH_PROFILES.has(profile)) chromaFormat = readHighProfileFields(bits);
  bits.unsigned();
  const orderType = bits.unsigned();
  if (orderType === 0) bits.unsigned();
  else if (orderType === 1) {
    bits.take(1);
    bits.unsigned();
    bits.unsigned();
    for (let left = bits.unsigned(); left > 0; left -= 1) bits.unsigned();
  }
  bits.unsigned();
  bits.take(1);
  const widthInBlocks = bits.unsigned() + 1;
  const heightInUnits = bits.unsigned() + 1;
  const framesOnly = bits.take(1);
  if (!framesOnly) bits.take(1);
  bits.take(1);
  let [left, right, top, bottom] = [0, 0, 0, 0];
  if (bits.take(1))
    [left, right, top, bottom] = [bits.unsigned(), bits.unsigned(), bits.unsigned(), bits.unsigned()];
  const cropX = chromaFormat === 1 || chromaFormat === 2 ? 2 : 1;
  const cropY = (chromaFormat === 1 ? 2 : 1) * (2 - framesOnly);
  const hex = [profile, constraints, level].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return {
    codec: `avc1.${hex}`,
    width: widthInBlocks * 16 - cropX * (left + right),
    height: (2 - framesOnly) * heightInUnits * 16 - cropY * (top + bottom),
  };
}

function readHighProfileFields(bits: BitReader): number {
  const chromaFormat = bits.unsigned();
  if (chromaFormat === 3) bits.take(1);
  bits.unsigned();
  bits.unsigned();
  bits.take(1);
  if (bits.take(1)) {
    for (let list = 0; list < (chromaFormat === 3 ? 12 : 8); list += 1) {
      if (bits.take(1)) skipScalingList(bits, list < 6 ? 16 : 64);
    }
  }
  return chromaFormat;
}

function skipScalingList(bits: BitReader, size: number): void {
  let last = 8;
  let next = 8;
  for (let index = 0; index < size && next !== 0; index += 1) {
    next = (last + bits.signed() + 256) % 256;
    last = next === 0 ? last : next;
  }
}

function withoutEmulationPrevention(bytes: Buffer): Buffer {
  const out: number[] = [];
  let zeros = 0;
  for (const byte of bytes) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    out.push(byte);
  }
  return Buffer.from(out);
}

class BitReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  take(count: number): number {
    let value = 0;
    for (let left = count; left > 0; left -= 1) {
      const byte = this.#bytes[this.#at >> 3];
      if (byte === undefined) throw new RangeError('the parameter set is cut short');
      value = value * 2 + ((byte >> (7 - (this.#at & 7))) & 1);
      this.#at += 1;
    }
    return value;
  }

  /** ue(v), Exp-Golomb. */
  unsigned(): number {
    let zeros = 0;
    while (this.take(1) === 0) zeros += 1;
    return 2 ** zeros - 1 + this.take(zeros);
  }

  /** se(v). */
  signed(): number {
    const value = this.unsigned();
    return value % 2 === 1 ? (value + 1) / 2 : -value / 2;
  }
}
