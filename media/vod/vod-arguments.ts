/** Every ffmpeg and ffprobe command line for uploaded videos, as pure functions. */
import type { Rendition } from './contract.ts';

export const SEGMENT_SECONDS = 4;
const MAX_FRAME_RATE = 30;
/**
 * Of the sound alone: speech at under 35 kbit/s with all that stands around it, 16 MB an hour. At 24 kHz AAC spends its few bits
 * where speech is, and half as many frames need half as much of an index.
 */
const SOUND_ALONE = ['-c:a', 'aac', '-b:a', '32k', '-ar', '24000', '-ac', '1'];
/** Containers that hold a video themselves. Others name further files, and an upload must not have those read for it. */
const CONTAINED = ['-format_whitelist', 'mov,matroska,mpegts,mpeg,avi,flv,asf,ogg'];
const QUIET = ['-hide_banner', '-loglevel', 'error', '-nostdin'];

/** The container and its streams as JSON. */
export function probeArguments(file: string): string[] {
  return ['-v', 'error', ...CONTAINED, '-of', 'json', '-show_format', '-show_streams', file];
}

/** Each packet of the picture without decoding, one a line: `pts_time,flags`. */
export function packetArguments(file: string): string[] {
  const entries = ['-show_entries', 'packet=pts_time,flags', '-of', 'csv=p=0'];
  return ['-v', 'error', ...CONTAINED, '-select_streams', 'v:0', ...entries, file];
}

/** Decodes a stretch and counts its pictures on stdout (`frame=…`); stops at the first fault. */
export function sampleArguments(file: string, fromSeconds: number, seconds: number): string[] {
  return [
    ...[...QUIET, '-xerror', '-threads', '1', '-ss', fromSeconds.toFixed(3), '-t', String(seconds)],
    ...[
      ...CONTAINED,
      '-i',
      file,
      '-map',
      '0:v:0',
      '-map',
      '0:a:0?',
      '-progress',
      'pipe:1',
      '-f',
      'null',
      '-',
    ],
  ];
}

/** One rendition as HLS in `folder`: `NAME.m3u8`, `NAME-init.mp4`, `NAME-00000.m4s` …; progress on stdout. */
export function renditionArguments(options: {
  file: string;
  folder: string;
  rendition: Rendition;
  frameRate: string;
}): string[] {
  const { file, folder, rendition, frameRate } = options;
  const { name } = rendition;
  return [
    ...[...QUIET, '-y', '-threads', '1', ...CONTAINED, '-i', file, '-map_metadata', '-1', '-sn', '-dn'],
    ...(rendition.kind === 'audio'
      ? ['-map', '0:a:0', '-vn', ...SOUND_ALONE]
      : pictureArguments(rendition, frameRate)),
    ...[
      '-progress',
      'pipe:1',
      '-f',
      'hls',
      '-hls_time',
      String(SEGMENT_SECONDS),
      '-hls_playlist_type',
      'vod',
    ],
    ...['-hls_segment_type', 'fmp4', '-hls_flags', 'independent_segments'],
    ...['-hls_fmp4_init_filename', `${name}-init.mp4`, '-hls_segment_filename', `${folder}/${name}-%05d.m4s`],
    `${folder}/${name}.m3u8`,
  ];
}

function pictureArguments(rendition: Rendition & { kind: 'video' }, frameRate: string): string[] {
  const { width, height, copy, maxBitrate, sound } = rendition;
  const maps = ['-map', '0:v:0', ...(sound ? ['-map', '0:a:0'] : [])];
  if (copy) return [...maps, '-c', 'copy'];
  const filter = `fps=${frameRate},scale=${width}:${height}:flags=bicubic,setsar=1,format=yuv420p`;
  return [
    ...[
      ...maps,
      '-vf',
      filter,
      '-c:v',
      'libx264',
      '-preset',
      'veryfast',
      '-profile:v',
      'main',
      '-threads',
      '1',
    ],
    ...['-crf', '23', '-maxrate', String(maxBitrate), '-bufsize', String(maxBitrate * 2)],
    ...['-force_key_frames', `expr:gte(t,n_forced*${SEGMENT_SECONDS})`, '-sc_threshold', '0'],
    ...(sound ? ['-c:a', 'aac', '-b:a', '96k', '-ar', '44100', '-ac', '2'] : []),
  ];
}

/** One picture as JPEG, at most 640 wide. */
export function posterArguments(file: string, atSeconds: number, poster: string): string[] {
  return [
    ...[...QUIET, '-y', '-threads', '1', '-ss', atSeconds.toFixed(3), '-i', file, '-map', '0:v:0'],
    ...[
      '-frames:v',
      '1',
      '-vf',
      "scale='min(640,iw)':-2",
      '-q:v',
      '4',
      '-f',
      'image2',
      '-update',
      '1',
      poster,
    ],
  ];
}

/** The rate pictures are encoded at: the source's own up to 30 a second, 25 where it does not tell a sane one. */
export function encodedFrameRate(source: string): string {
  const [over = 0, under = 1] = source.split('/').map(Number);
  const rate = over / under;
  if (!(rate >= 1)) return '25';
  return rate > MAX_FRAME_RATE ? String(MAX_FRAME_RATE) : source;
}
