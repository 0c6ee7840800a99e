import type { videos } from '../../drizzle/schema/videos.ts';

/** As the table names them. */
export type VideoState = (typeof videos.$inferSelect)['state'];

/** What can happen to a video. `hub-stopped`: the hub let go of it, or found at its start that it had died over it. */
export const VIDEO_HAPPENINGS = [
  'upload-complete',
  'check-began',
  'accepted',
  'refused',
  'transcode-began',
  'transcoded',
  'failed',
  'cancel-asked',
  'retry-asked',
  'hub-stopped',
] as const;
export type VideoHappening = (typeof VIDEO_HAPPENINGS)[number];

const TRANSITIONS: Record<VideoState, Partial<Record<VideoHappening, VideoState>>> = {
  uploading: { 'upload-complete': 'uploaded' },
  uploaded: { 'check-began': 'checking', 'cancel-asked': 'cancelled' },
  checking: {
    accepted: 'queued',
    refused: 'refused',
    failed: 'failed',
    'cancel-asked': 'cancelled',
    'hub-stopped': 'uploaded',
  },
  queued: { 'transcode-began': 'transcoding', 'cancel-asked': 'cancelled' },
  transcoding: {
    transcoded: 'ready',
    failed: 'failed',
    'cancel-asked': 'cancelled',
    'hub-stopped': 'queued',
  },
  ready: {},
  refused: {},
  failed: { 'retry-asked': 'uploaded' },
  cancelled: { 'retry-asked': 'uploaded' },
};

export const VIDEO_STATES = Object.keys(TRANSITIONS) as VideoState[];

/** The state after a happening, or undefined where it is not possible. */
export function nextVideoState(state: VideoState, happening: VideoHappening): VideoState | undefined {
  return TRANSITIONS[state][happening];
}

/** Below this share of free time of all cores the machine is short while someone is live; above the other it has room again. */
const SHORT_SHARE = 0.3;
const ROOM_SHARE = 0.45;

/**
 * Whether the transcoding stands still now. `freeShare` (0 to 1) counts as free what niced programs take: the transcoding
 * itself is not what crowds out a broadcast.
 */
export function mustWait(facts: { live: boolean; freeShare: number; waiting: boolean }): boolean {
  if (!facts.live) return false;
  return facts.freeShare < (facts.waiting ? ROOM_SHARE : SHORT_SHARE);
}

/** What one account has begun to upload and not finished, and may. */
export interface UploadBudget {
  uploads: number;
  bytes: number;
}

/** Why an account may not begin one more upload of so many bytes; undefined: it may. */
export function overBudget(
  begun: UploadBudget,
  most: UploadBudget,
  wantedBytes: number,
): 'too-many' | 'too-much' | undefined {
  if (begun.uploads >= most.uploads) return 'too-many';
  return begun.bytes + wantedBytes > most.bytes ? 'too-much' : undefined;
}

/** Beside the file itself its renditions need room, at most about as much again. */
const ROOM_PER_BYTE = 2;

/** True when the disk can take one more upload: `pendingBytes` are promised to others and not written yet. */
export function hasRoom(disk: {
  freeBytes: number;
  reserveBytes: number;
  pendingBytes: number;
  wantedBytes: number;
}): boolean {
  return disk.freeBytes - disk.reserveBytes - disk.pendingBytes >= disk.wantedBytes * ROOM_PER_BYTE;
}
