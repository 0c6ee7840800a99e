/**
 * A live Matroska stream for ffmpeg's stdin: one H.264 track and one Opus track. Chosen over RTP by SDP because the
 * timestamps are ours, nothing can be lost on the way, no ports are needed and closing the pipe ends ffmpeg properly.
 */

/** One unit of a timestamp: 0.1 ms. */
const TIMESTAMP_SCALE_NS = 100_000;
const VIDEO_TRACK = 1;
const AUDIO_TRACK = 2;
const UNKNOWN_SIZE = Buffer.from('01ffffffffffffff', 'hex');

/** OpusHead (RFC 7845): version 1, stereo, no pre-skip, 48 kHz, no gain, mapping family 0. */
const OPUS_HEAD = Buffer.concat([
  Buffer.from('OpusHead'),
  Buffer.from([1, 2, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0]),
]);

export interface VideoTrackHeader {
  sps: Buffer;
  pps: Buffer;
  width: number;
  height: number;
}

export function matroskaHeader(video: VideoTrackHeader): Buffer {
  const header = element(
    '1a45dfa3',
    element('4282', Buffer.from('matroska')),
    number('4287', 4),
    number('4285', 2),
  );
  const info = element(
    '1549a966',
    number('2ad7b1', TIMESTAMP_SCALE_NS),
    element('4d80', Buffer.from('x')),
    element('5741', Buffer.from('x')),
  );
  const tracks = element(
    '1654ae6b',
    element(
      'ae',
      ...trackFields(VIDEO_TRACK, 1, 'V_MPEG4/ISO/AVC', decoderConfiguration(video)),
      element('e0', number('b0', video.width), number('ba', video.height)),
    ),
    element(
      'ae',
      ...trackFields(AUDIO_TRACK, 2, 'A_OPUS', OPUS_HEAD),
      element('e1', element('b5', float(48_000)), number('9f', 2)),
    ),
  );
  return Buffer.concat([header, Buffer.from('18538067', 'hex'), UNKNOWN_SIZE, info, tracks]);
}

/** `atMs` from the start of the stream; NAL units without start codes. */
export function videoCluster(atMs: number, keyframe: boolean, nals: readonly Buffer[]): Buffer {
  return cluster(
    VIDEO_TRACK,
    atMs,
    keyframe,
    nals.flatMap((nal) => [uint32(nal.length), nal]),
  );
}

export function audioCluster(atMs: number, opusFrame: Buffer): Buffer {
  return cluster(AUDIO_TRACK, atMs, true, [opusFrame]);
}

function cluster(track: number, atMs: number, keyframe: boolean, payload: Buffer[]): Buffer {
  const block = Buffer.from([0x80 | track, 0, 0, keyframe ? 0x80 : 0]);
  return element(
    '1f43b675',
    number('e7', Math.round((atMs * 1e6) / TIMESTAMP_SCALE_NS)),
    element('a3', block, ...payload),
  );
}

function trackFields(id: number, type: number, codec: string, codecPrivate: Buffer): Buffer[] {
  return [
    number('d7', id),
    number('73c5', id),
    number('83', type),
    number('9c', 0),
    element('86', Buffer.from(codec)),
    element('63a2', codecPrivate),
  ];
}

/** AVCDecoderConfigurationRecord (ISO 14496-15) with four-byte lengths. */
function decoderConfiguration({ sps, pps }: VideoTrackHeader): Buffer {
  const head = Buffer.from([1, sps[1]!, sps[2]!, sps[3]!, 0xff, 0xe1]);
  return Buffer.concat([head, uint16(sps.length), sps, Buffer.from([1]), uint16(pps.length), pps]);
}

function element(idHex: string, ...content: Buffer[]): Buffer {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE((1n << 56n) | BigInt(length));
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
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
