import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HlsAnswer } from '../../media/contract.ts';
import { IMMUTABLE_SECONDS, readStoredMedia } from '../../media/hls/stored-media.ts';
import { LADDER, renderVideoMaster, type Variant } from '../../media/vod/master.ts';
import { renderSubtitlePlaylist } from '../../media/vod/webvtt.ts';
import type { VideoFiles } from './files.ts';
import type { SubtitleRow, VideoRow } from './store.ts';
import { SUBTITLE_LABELS, subtitleFile } from './view.ts';

const SEGMENT = /^(?:\d{1,4}p|source|audio)-(?:init\.mp4|\d{5}\.m4s)$/;
const PLAYLIST = /^(?:\d{1,4}p|source|audio)\.m3u8$/;
const SUBTITLE = /^subtitles-(?:zh-CN|en)-\d{1,15}\.vtt$/;
const SUBTITLE_PLAYLIST = /^(subtitles-(?:zh-CN|en)-\d{1,15})\.m3u8$/;

/** What a ready video answers over HTTP; names other than those that stand in its playlists are not there. */
export function openVideoPlayback({ files, storageDir }: { files: VideoFiles; storageDir: string }) {
  const stored = (key: string, contentType: string, range?: string) =>
    readStoredMedia(storageDir, { key, contentType, range });

  return {
    async master(row: VideoRow, subtitles: readonly SubtitleRow[], token: string): Promise<HlsAnswer> {
      const ladder = await readFile(join(files.hls(row.id), LADDER), 'utf8');
      const { variants } = JSON.parse(ladder) as { variants: Variant[] };
      const tracks = subtitles.map(({ language, version }) => ({
        ...{ language, label: SUBTITLE_LABELS[language] },
        uri: subtitleFile(language, version).replace(/vtt$/, 'm3u8'),
      }));
      const body = renderVideoMaster({ variants, subtitles: tracks, prefix: `${token}/` });
      return { kind: 'playlist', body, maxAgeSeconds: 0 };
    },

    /** Everything below the path token: never changes under its name. */
    async file(row: VideoRow, name: string, range: string | undefined): Promise<HlsAnswer> {
      if (SEGMENT.test(name)) return stored(files.keyOf(row.id, name), 'video/mp4', range);
      if (name === 'poster.jpg') return stored(files.keyOf(row.id, name), 'image/jpeg', range);
      if (SUBTITLE.test(name))
        return stored(files.subtitleKey(row.id, name), 'text/vtt; charset=utf-8', range);
      if (PLAYLIST.test(name)) return stored(files.keyOf(row.id, name), 'application/vnd.apple.mpegurl');
      const subtitle = SUBTITLE_PLAYLIST.exec(name)?.[1];
      if (subtitle === undefined || !row.facts) return { kind: 'not-found' };
      const body = renderSubtitlePlaylist(`${subtitle}.vtt`, row.facts.durationMs);
      return { kind: 'playlist', body, maxAgeSeconds: IMMUTABLE_SECONDS };
    },
  };
}
