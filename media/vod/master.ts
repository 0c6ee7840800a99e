import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MediaError } from '../errors.ts';
import type { Rendition, VideoFacts } from './contract.ts';

const SOUND_CODEC = 'mp4a.40.2';
export const LADDER = 'ladder.json';

/** What the master playlist says of one rendition. Bit rates in bits a second. */
export interface Variant {
  name: string;
  kind: 'video' | 'audio';
  codecs: string;
  bandwidth: number;
  averageBandwidth: number;
  width?: number;
  height?: number;
}

export interface SubtitleTrack {
  language: string;
  label: string;
  uri: string;
}

/** Measures what ffmpeg wrote and keeps it beside the segments, for the master playlist. */
export async function writeMaster(folder: string, renditions: Rendition[], facts: VideoFacts): Promise<void> {
  const variants = await Promise.all(renditions.map((one) => measure(folder, one)));
  const ladder = { durationMs: facts.durationMs, variants };
  await writeFile(join(folder, LADDER), JSON.stringify(ladder));
}

async function measure(folder: string, rendition: Rendition): Promise<Variant> {
  const { name, kind } = rendition;
  const playlist = await readFile(join(folder, `${name}.m3u8`), 'utf8');
  const segments = [...playlist.matchAll(/#EXTINF:([\d.]+),.*\n(.+)/g)];
  if (segments.length === 0) throw new MediaError('ffmpeg-failed', `${name} has no segments`);
  const sizes = await Promise.all(
    segments.map(async ([, , file = '']) => (await stat(join(folder, file))).size),
  );
  const seconds = segments.map(([, duration]) => Number(duration));
  const total = (numbers: number[]) => numbers.reduce((sum, one) => sum + one, 0);
  // A last segment of a few frames would tell of a peak that no line feels.
  const rates = sizes.map((size, at) => (size * 8) / Math.max(seconds[at] ?? 0, 0.5));
  const common = {
    name,
    kind,
    bandwidth: Math.ceil(Math.max(...rates)),
    averageBandwidth: Math.ceil((total(sizes) * 8) / total(seconds)),
  };
  if (rendition.kind === 'audio') return { ...common, codecs: SOUND_CODEC };
  const picture = pictureCodec(await readFile(join(folder, `${name}-init.mp4`)));
  const codecs = rendition.sound ? `${picture},${SOUND_CODEC}` : picture;
  return { ...common, codecs, width: rendition.width, height: rendition.height };
}

/** RFC 6381 of the picture, from the three bytes after the version in `avcC` (ISO 14496-15 5.3.3). */
function pictureCodec(init: Buffer): string {
  const at = init.indexOf('avcC') + 5;
  if (at === 4) throw new MediaError('bad-segment', 'the init has no H.264 parameters');
  return `avc1.${init.toString('hex', at, at + 3)}`;
}

/** The master playlist; media playlists lie under `prefix`. The best picture that most lines can bear comes first. */
export function renderVideoMaster(options: {
  variants: readonly Variant[];
  subtitles: readonly SubtitleTrack[];
  prefix: string;
}): string {
  const { variants, subtitles, prefix } = options;
  const lines = ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS'];
  for (const { language, label, uri } of subtitles)
    lines.push(
      `#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="${label}",LANGUAGE="${language}",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="${prefix}${uri}"`,
    );
  const ordered = [...variants].sort((one, other) => startRank(one) - startRank(other));
  for (const one of ordered) {
    const size = one.kind === 'video' ? `,RESOLUTION=${one.width}x${one.height}` : '';
    const captions = one.kind === 'video' && subtitles.length > 0 ? ',SUBTITLES="subtitles"' : '';
    lines.push(
      `#EXT-X-STREAM-INF:BANDWIDTH=${one.bandwidth},AVERAGE-BANDWIDTH=${one.averageBandwidth},CODECS="${one.codecs}"${size}${captions}`,
      `${prefix}${one.name}.m3u8`,
    );
  }
  return [...lines, ''].join('\n');
}

/** Players begin with the first: 480p before what is larger, then what is smaller, sound alone last. */
function startRank(one: Variant): number {
  if (one.kind === 'audio') return Number.MAX_SAFE_INTEGER;
  return Math.abs(Math.min(one.width ?? 0, one.height ?? 0) - 480);
}
