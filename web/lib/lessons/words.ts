import type { Refusal } from '#lib/api/refusal.ts';
import type { Video } from '#lib/api/shapes.ts';
import { refusalWords } from '#lib/api/words.ts';
import { m } from '#lib/paraglide/messages.js';

type Tone = 'good' | 'waiting' | 'wrong' | 'info' | 'quiet';

export const STATE_WORDS: Record<Video['state'], { tone: Tone; words: () => string }> = {
  uploading: { tone: 'waiting', words: m.lessons_state_uploading },
  uploaded: { tone: 'waiting', words: m.lessons_state_uploaded },
  checking: { tone: 'info', words: m.lessons_state_checking },
  queued: { tone: 'waiting', words: m.lessons_state_queued },
  transcoding: { tone: 'info', words: m.lessons_state_transcoding },
  ready: { tone: 'good', words: m.lessons_state_ready },
  refused: { tone: 'wrong', words: m.lessons_state_refused },
  failed: { tone: 'wrong', words: m.lessons_state_failed },
  cancelled: { tone: 'quiet', words: m.lessons_state_cancelled },
};

/** Why a file was refused, and how to mend it. The codes are those of media/vod/contract.ts. */
const REFUSED: Record<string, () => string> = {
  unreadable: m.lessons_refused_unreadable,
  'no-picture': m.lessons_refused_no_picture,
  'too-short': m.lessons_refused_too_short,
  'too-long': m.lessons_refused_too_long,
  'picture-too-large': m.lessons_refused_picture_too_large,
  'cut-off': m.lessons_refused_cut_off,
  undecodable: m.lessons_refused_undecodable,
};

/** What to do about the state a video is in; nothing where it goes on by itself. */
export function adviceWords({
  state,
  reason,
  waitingForLive,
}: Pick<Video, 'state' | 'reason' | 'waitingForLive'>): string | undefined {
  if (waitingForLive) return m.lessons_waiting_for_live();
  if (state === 'uploading') return m.lessons_state_uploading_words();
  if (state === 'refused') return (REFUSED[reason ?? ''] ?? m.lessons_refused_other)();
  if (state === 'failed') return m.lessons_failed_words();
  return state === 'cancelled' ? m.lessons_cancelled_words() : undefined;
}

const VTT_FAULTS: Record<string, (at: { line: number }) => string> = {
  'no-header': m.lessons_vtt_no_header,
  'bad-time': m.lessons_vtt_bad_time,
  'ends-before-start': m.lessons_vtt_ends_before_start,
  'no-cues': m.lessons_vtt_no_cues,
};

/** What is wrong with a file of subtitles, and where. */
export function subtitleRefusalWords(refusal: Refusal): string {
  const told = VTT_FAULTS[refusal.fields[0]?.rule ?? ''];
  return told ? told({ line: Number(refusal.params.line) }) : refusalWords(refusal);
}

export const whoOptions = (): { value: Video['visibility']; label: string }[] => [
  { value: 'signed-in', label: m.lessons_who_signed_in() },
  { value: 'public', label: m.lessons_who_public() },
  { value: 'owner', label: m.lessons_who_owner() },
];

/** True while something still happens to it, so that asking again makes sense. */
export const isUnderWay = ({ state }: Pick<Video, 'state'>): boolean =>
  ['uploaded', 'checking', 'queued', 'transcoding'].includes(state);
