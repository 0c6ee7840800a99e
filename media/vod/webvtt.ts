/** WebVTT (W3C) as far as subtitles of a lesson need it: what is read is written anew, so nothing unknown is served. */
export interface Cue {
  startMs: number;
  endMs: number;
  text: string;
}

export type ParsedSubtitles = { ok: true; cues: Cue[] } | { ok: false; line: number; fault: VttFault };
export type VttFault = 'no-header' | 'bad-time' | 'ends-before-start' | 'no-cues';

const TIME = '(?:(\\d{2,}):)?([0-5]\\d):([0-5]\\d)\\.(\\d{3})';
const TIMING = new RegExp(`^${TIME}[ \\t]+-->[ \\t]+${TIME}(?:[ \\t].*)?$`);

/** Reads a file; `line` counts from 1. Notes, styles and regions are left out. */
export function parseWebVtt(source: string): ParsedSubtitles {
  const lines = source.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  if (!/^WEBVTT(?:[ \t].*)?$/.test(lines[0] ?? '')) return { ok: false, line: 1, fault: 'no-header' };
  const cues: Cue[] = [];
  let at = 1;
  while (at < lines.length) {
    const begin = at;
    while (at < lines.length && lines[at] !== '') at += 1;
    const block = lines.slice(begin, at);
    at += 1;
    const timing = block.findIndex((line) => line.includes('-->'));
    if (timing === -1) continue;
    const found = TIMING.exec(block[timing] ?? '');
    if (!found) return { ok: false, line: begin + timing + 1, fault: 'bad-time' };
    const [startMs, endMs] = [milliseconds(found.slice(1, 5)), milliseconds(found.slice(5, 9))];
    if (endMs <= startMs) return { ok: false, line: begin + timing + 1, fault: 'ends-before-start' };
    const text = block
      .slice(timing + 1)
      .join('\n')
      .trim();
    if (text !== '') cues.push({ startMs, endMs, text });
  }
  if (cues.length === 0) return { ok: false, line: 1, fault: 'no-cues' };
  return { ok: true, cues: cues.sort((one, other) => one.startMs - other.startMs) };
}

function milliseconds([hours, minutes, seconds, thousandths]: (string | undefined)[]): number {
  return ((Number(hours ?? 0) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(thousandths);
}

export function renderWebVtt(cues: readonly Cue[]): string {
  const blocks = cues.map(({ startMs, endMs, text }) => `${stamp(startMs)} --> ${stamp(endMs)}\n${text}`);
  return `WEBVTT\n\n${blocks.join('\n\n')}\n`;
}

function stamp(ms: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const thousandths = String(ms % 1000).padStart(3, '0');
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}.${thousandths}`;
}

/** The subtitles as one segment of HLS over the whole video. */
export function renderSubtitlePlaylist(file: string, durationMs: number): string {
  const seconds = durationMs / 1000;
  return [
    ...['#EXTM3U', '#EXT-X-VERSION:7', `#EXT-X-TARGETDURATION:${Math.ceil(seconds)}`],
    ...['#EXT-X-MEDIA-SEQUENCE:0', '#EXT-X-PLAYLIST-TYPE:VOD', `#EXTINF:${seconds.toFixed(3)},`, file],
    ...['#EXT-X-ENDLIST', ''],
  ].join('\n');
}
