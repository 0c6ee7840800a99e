import { readPictureFormat } from '../../tap/sps.ts';

/** RTMP's messages of media are the tags of an FLV file. */
export const AUDIO_TAG = 8;
export const VIDEO_TAG = 9;
export const SCRIPT_TAG = 18;

export interface FlvTag {
  type: number;
  /** Decoding time by the encoder's own clock. */
  timestampMs: number;
  data: Buffer;
}

export interface VideoTag {
  codec: string;
  /** `header` describes the stream, `other` is neither it nor a picture. */
  part: 'header' | 'picture' | 'other';
  keyframe: boolean;
  /** Shown so much later than decoded: not 0 where pictures are reordered. */
  compositionMs: number;
}

export interface AudioTag {
  codec: string;
  part: 'header' | 'sound';
}

/** Undefined for a tag that is cut short. */
export function readVideoTag(data: Buffer): VideoTag | undefined {
  const [first, second] = data;
  if (first === undefined || second === undefined) return undefined;
  // Enhanced RTMP: the codec by four letters.
  if (first & 0x80) {
    const codec = FOUR_LETTERS[data.toString('latin1', 1, 5)] ?? 'unknown';
    return { codec, part: 'other', keyframe: false, compositionMs: 0 };
  }
  const codec = VIDEO_CODECS[first & 0x0f] ?? 'unknown';
  const keyframe = first >> 4 === 1;
  if (codec !== 'h264') return { codec, part: 'picture', keyframe, compositionMs: 0 };
  if (data.length < 5) return undefined;
  const part = second === 0 ? 'header' : second === 1 ? 'picture' : 'other';
  return { codec, part, keyframe, compositionMs: (data.readUIntBE(2, 3) << 8) >> 8 };
}

/** Undefined for a tag that is cut short. */
export function readAudioTag(data: Buffer): AudioTag | undefined {
  const [first, second] = data;
  if (first === undefined || second === undefined) return undefined;
  const codec = AUDIO_CODECS[first >> 4] ?? 'unknown';
  return { codec, part: codec === 'aac' && second === 0 ? 'header' : 'sound' };
}

/** What an AVC sequence header says (ISO/IEC 14496-15 5.3.3.1). Undefined where it is malformed. */
export function readAvcHeader(data: Buffer): { profile: number; width: number; height: number } | undefined {
  try {
    const record = data.subarray(5);
    const length = record.readUInt16BE(6);
    const sps = record.subarray(8, 8 + length);
    if ((record.readUInt8(5) & 0x1f) === 0 || sps.length < length) return undefined;
    const { width, height } = readPictureFormat(sps);
    return { profile: record.readUInt8(1), width, height };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The rate of the picture in kilobits a second as `onMetaData` has it, which encoders send first. Undefined where it does not say. */
export function readVideoKbps(data: Buffer): number | undefined {
  const at = data.indexOf(VIDEO_RATE_IS);
  if (at < 0 || data.length < at + VIDEO_RATE_IS.length + 8) return undefined;
  const kbps = data.readDoubleBE(at + VIDEO_RATE_IS.length);
  return kbps > 0 && Number.isFinite(kbps) ? kbps : undefined;
}

/** How an FLV file begins that has these media; a demuxer then waits for no others. */
export function flvHeader({ video, audio }: { video: boolean; audio: boolean }): Buffer {
  const flags = (audio ? 4 : 0) | (video ? 1 : 0);
  return Buffer.from([0x46, 0x4c, 0x56, 1, flags, 0, 0, 0, 9, 0, 0, 0, 0]);
}

export function flvTag({ type, timestampMs, data }: FlvTag): Buffer {
  const tag = Buffer.alloc(11 + data.length + 4);
  tag[0] = type;
  tag.writeUIntBE(data.length, 1, 3);
  tag.writeUIntBE(timestampMs & 0xff_ffff, 4, 3);
  tag[7] = (timestampMs >>> 24) & 0xff;
  data.copy(tag, 11);
  tag.writeUInt32BE(11 + data.length, 11 + data.length);
  return tag;
}

/** An AMF0 property's name behind its length, and the mark of a number. */
const VIDEO_RATE_IS = Buffer.from('\0\x0dvideodatarate\0', 'latin1');
const VIDEO_CODECS: Record<number, string> = { 2: 'h263', 4: 'vp6', 7: 'h264', 12: 'hevc' };
const FOUR_LETTERS: Record<string, string> = { hvc1: 'hevc', av01: 'av1', vp09: 'vp9', avc1: 'h264' };
const AUDIO_CODECS: Record<number, string> = {
  1: 'adpcm',
  2: 'mp3',
  7: 'alaw',
  8: 'mulaw',
  10: 'aac',
  11: 'speex',
};
