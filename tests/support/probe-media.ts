import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Recording } from '../../media/contract.ts';

export interface ProbedTrack {
  codec: string;
  startSeconds: number;
  durationSeconds: number;
  frames: number;
}

/** What ffprobe makes of the segments of one epoch, joined behind their init; every frame is decoded. */
export function probeEpoch(storageDir: string, recording: Recording, initIndex: number): ProbedTrack[] {
  const file = joinEpoch(storageDir, recording, initIndex);
  const out = execFileSync('ffprobe', [
    ...['-v', 'error', '-count_frames', '-of', 'json', '-show_entries'],
    ...['stream=codec_name,start_time,duration,nb_read_frames', file],
  ]).toString();
  const { streams } = JSON.parse(out) as { streams: Record<string, string>[] };
  return streams.map((stream) => ({
    codec: stream.codec_name ?? '',
    startSeconds: Number(stream.start_time),
    durationSeconds: Number(stream.duration),
    frames: Number(stream.nb_read_frames),
  }));
}

/** Decodes everything and returns what ffmpeg complained of; empty is good. */
export function decodeErrors(storageDir: string, recording: Recording, initIndex: number): string {
  const file = joinEpoch(storageDir, recording, initIndex);
  const { stderr, status } = spawnSync('ffmpeg', [
    ...['-v', 'warning', '-i', file],
    // Timestamps as they are: pictures come when they came and not at an even rate.
    ...['-fps_mode', 'passthrough', '-enc_time_base', '-1', '-f', 'null', '-'],
  ]);
  return status === 0 ? stderr.toString() : `ffmpeg ended with ${status}: ${stderr.toString()}`;
}

/** When each picture is shown, in milliseconds, earliest first. */
export function pictureTimesMs(storageDir: string, recording: Recording, initIndex: number): number[] {
  const file = joinEpoch(storageDir, recording, initIndex);
  const out = execFileSync('ffprobe', [
    ...['-v', 'error', '-select_streams', 'v:0', '-of', 'csv=p=0', '-show_entries', 'packet=pts_time', file],
  ]).toString();
  const times = out.split('\n').filter((line) => line.trim() !== '');
  return times.map((line) => Number.parseFloat(line) * 1000).toSorted((a, b) => a - b);
}

export function joinEpoch(storageDir: string, recording: Recording, initIndex: number): string {
  const init = recording.inits.find((one) => one.initIndex === initIndex);
  if (!init) throw new Error(`no init ${initIndex}`);
  const segments = recording.segments.filter((one) => one.initIndex === initIndex);
  const bytes = [init, ...segments].map(({ file }) => readFileSync(join(storageDir, file)));
  const joined = join(storageDir, `joined-${initIndex}.mp4`);
  writeFileSync(joined, Buffer.concat(bytes));
  return joined;
}

/** Decodes a file or a playlist to its end and counts its pictures. Throws where a decoder finds fault. */
export function countPictures(file: string): number {
  const args = [
    '-v',
    'error',
    '-xerror',
    '-i',
    file,
    '-map',
    '0:v:0',
    '-progress',
    'pipe:1',
    '-f',
    'null',
    '-',
  ];
  const told = execFileSync('ffmpeg', args, { encoding: 'utf8' });
  return Number(/.*frame=\s*(\d+)/s.exec(told)?.[1] ?? 0);
}

/** Where a film's sound is loud, in whole tenths of a second; a film is a file or its bytes. */
export function loudTenths(film: string | Buffer): number[] {
  const [input, bytes] = typeof film === 'string' ? [film, undefined] : ['pipe:0', film];
  const samples = execFileSync(
    'ffmpeg',
    ['-v', 'quiet', '-i', input, '-vn', '-ac', '1', '-ar', '8000', '-f', 's16le', 'pipe:1'],
    { input: bytes },
  );
  const loud = new Set<number>();
  for (let sample = 0; sample < samples.length / 2; sample += 1)
    if (Math.abs(samples.readInt16LE(sample * 2)) > 3000) loud.add(Math.floor(sample / 800));
  return [...loud];
}
