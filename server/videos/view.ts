import type { Caller } from '../platform/access/actor.ts';
import { may, type Circumstances } from '../platform/access/decide.ts';
import type { SubtitleRow, VideoRow } from './store.ts';

export const SUBTITLE_LABELS = { 'zh-CN': '中文', en: 'English' } as const;
export type SubtitleLanguage = keyof typeof SUBTITLE_LABELS;

/** A video as its reader sees it. `reason` is a code: why it was refused, or what failed. */
export interface VideoView {
  id: string;
  title: string;
  state: VideoRow['state'];
  /** Its transcoding stands still while a broadcast needs the machine. */
  waitingForLive: boolean;
  visibility: VideoRow['visibility'];
  regionCode: string;
  createdAt: string;
  byteLength: number;
  priority: number;
  /** Of the transcoding, 0 to 100. */
  progressPercent: number;
  reason: string | null;
  durationMs: number | null;
  width: number | null;
  height: number | null;
  subtitles: { language: SubtitleLanguage; label: string; cues: number; address: string }[];
  addresses: { watch: string; hls: string; poster: string | null };
  may: { manage: boolean };
}

/** What is true of a video for a caller. Who may see it takes part in it; before it is ready that is only its owner. */
export function videoCircumstances(row: VideoRow, caller: Caller): Circumstances {
  const seen = row.visibility === 'public' || (row.visibility === 'signed-in' && caller !== undefined);
  return {
    regionCode: row.regionCode,
    owner: caller?.accountId === row.ownerAccountId,
    member: row.state === 'ready' && seen,
  };
}

export function viewOfVideo(
  row: VideoRow,
  caller: Caller,
  given: { subtitles: readonly SubtitleRow[]; token: string; waitingForLive: boolean },
): VideoView {
  const below = `/videos/${row.id}/${given.token}`;
  return {
    id: row.id,
    title: row.title,
    state: row.state,
    waitingForLive: given.waitingForLive,
    visibility: row.visibility,
    regionCode: row.regionCode,
    createdAt: row.createdAt,
    byteLength: row.byteLength,
    priority: row.priority,
    progressPercent: Math.floor(row.progress / 10),
    reason: row.reason,
    durationMs: row.facts?.durationMs ?? null,
    width: row.facts?.width ?? null,
    height: row.facts?.height ?? null,
    subtitles: given.subtitles.map(({ language, cues, version }) => ({
      ...{ language, cues, label: SUBTITLE_LABELS[language] },
      address: `${below}/${subtitleFile(language, version)}`,
    })),
    addresses: {
      watch: `/lessons/${row.id}`,
      hls: `/videos/${row.id}/index.m3u8`,
      poster: row.state === 'ready' ? `${below}/poster.jpg` : null,
    },
    may: { manage: may(caller, 'video.manage', videoCircumstances(row, caller)) },
  };
}

export const subtitleFile = (language: string, version: number) => `subtitles-${language}-${version}.vtt`;
