/**
 * A live Matroska stream for ffmpeg's stdin: pictures, and Opus tracks. Chosen over RTP by SDP because the timestamps
 * are ours, nothing can be lost on the way, no ports are needed and closing the pipe ends ffmpeg properly.
 */
import type { ParameterSets, PictureStream } from './frames.ts';

/** One unit of a timestamp: 0.1 ms. */
const TICKS_PER_MS = 10;
/** Sounds are numbered from the next on. */
const VIDEO_TRACK = 1;
const UNKNOWN_SIZE = Buffer.from('01ffffffffffffff', 'hex');

/** OpusHead (RFC 7845): version 1, stereo, no pre-skip, 48 kHz, no gain, mapping family 0. */
const OPUS_HEAD = Buffer.concat([
  Buffer.from('OpusHead'),
  Buffer.from([1, 2, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0]),
]);

const CODEC_IDS = { h264: 'V_MPEG4/ISO/AVC', vp8: 'V_VP8', raw: 'V_UNCOMPRESSED' };

export interface MatroskaTracks {
  picture: PictureStream;
  /** Of pictures that come at an even rate; encoders go by it. */
  frameMs?: number;
  sounds: number;
}

export function matroskaHeader({ picture, frameMs, sounds }: MatroskaTracks): Buffer {
  const header = element(
    '1a45dfa3',
    element('4282', Buffer.from('matroska')),
    number('4287', 4),
    number('4285', 2),
  );
  const info = element(
    '1549a966',
    number('2ad7b1', 1e6 / TICKS_PER_MS),
    element('4d80', Buffer.from('x')),
    element('5741', Buffer.from('x')),
  );
  const soundTracks = Array.from({ length: sounds }, (_, sound) =>
    element(
      'ae',
      ...trackFields(VIDEO_TRACK + 1 + sound, 2, 'A_OPUS', OPUS_HEAD),
      element('e1', element('b5', float(48_000)), number('9f', 2)),
    ),
  );
  const tracks = element('1654ae6b', videoTrack(picture, frameMs), ...soundTracks);
  return Buffer.concat([header, Buffer.from('18538067', 'hex'), UNKNOWN_SIZE, info, tracks]);
}

function videoTrack({ coding, format, sets }: PictureStream, frameMs: number | undefined): Buffer {
  return element(
    'ae',
    ...trackFields(VIDEO_TRACK, 1, CODEC_IDS[coding], sets && decoderConfiguration(sets)),
    ...(frameMs === undefined ? [] : [number('23e383', frameMs * 1e6)]),
    element(
      'e0',
      number('b0', format.width),
      number('ba', format.height),
      ...(coding === 'raw' ? [element('2eb524', Buffer.from('I420'))] : []),
    ),
  );
}

/**
 * `atMs` from the start of the stream. What is to be written one after another: the picture's own bytes are not copied.
 */
export function videoCluster(
  atMs: number,
  keyframe: boolean,
  { coding }: Pick<PictureStream, 'coding'>,
  nals: readonly Buffer[],
): Buffer[] {
  const lengths = coding === 'h264' ? 4 * nals.length : 0;
  const size = nals.reduce((sum, nal) => sum + nal.length, lengths);
  const head = clusterHead(VIDEO_TRACK, atMs, keyframe, size);
  return [head, ...(coding === 'h264' ? nals.flatMap((nal) => [uint32(nal.length), nal]) : nals)];
}

/** `sound` counts from 0. */
export function audioCluster(atMs: number, sound: number, opusFrame: Buffer): Buffer[] {
  return [clusterHead(VIDEO_TRACK + 1 + sound, atMs, true, opusFrame.length), opusFrame];
}

/** A cluster of its own with one simple block, up to where the block's payload begins. */
function clusterHead(track: number, atMs: number, keyframe: boolean, payloadBytes: number): Buffer {
  const head = Buffer.allocUnsafe(35);
  head.writeUInt32BE(0x1f43b675, 0);
  writeSize(head, 4, 23 + payloadBytes);
  head[12] = 0xe7;
  head[13] = 0x88;
  const ticks = Math.round(atMs * TICKS_PER_MS);
  head.writeUInt32BE(Math.floor(ticks / 2 ** 32), 14);
  head.writeUInt32BE(ticks >>> 0, 18);
  head[22] = 0xa3;
  writeSize(head, 23, 4 + payloadBytes);
  head[31] = 0x80 | track;
  head.writeUInt16BE(0, 32);
  head[34] = keyframe ? 0x80 : 0;
  return head;
}

/** Eight bytes; what is written is always less than 2^32. */
function writeSize(bytes: Buffer, at: number, size: number): void {
  bytes.writeUInt32BE(0x0100_0000, at);
  bytes.writeUInt32BE(size, at + 4);
}

function trackFields(id: number, type: number, codec: string, codecPrivate: Buffer | null): Buffer[] {
  return [
    number('d7', id),
    number('73c5', id),
    number('83', type),
    number('9c', 0),
    element('86', Buffer.from(codec)),
    ...(codecPrivate ? [element('63a2', codecPrivate)] : []),
  ];
}

/** AVCDecoderConfigurationRecord (ISO 14496-15) with four-byte lengths. */
function decoderConfiguration({ sps, pps }: ParameterSets): Buffer {
  const head = Buffer.from([1, sps[1]!, sps[2]!, sps[3]!, 0xff, 0xe1]);
  return Buffer.concat([head, uint16(sps.length), sps, Buffer.from([1]), uint16(pps.length), pps]);
}

function element(idHex: string, ...content: Buffer[]): Buffer {
  const size = Buffer.alloc(8);
  writeSize(
    size,
    0,
    content.reduce((sum, part) => sum + part.length, 0),
  );
  return Buffer.concat([Buffer.from(idHex, 'hex'), size, ...content]);
}

function number(idHex: string, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return element(idHex, bytes);
}

function float(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
