import type { Recording } from './contract.ts';
import { targetSeconds, type Timeline } from './hls/timeline.ts';
import type { MediaSettings } from './settings.ts';

/** A new broadcast's timeline, or one that goes on behind what is recorded already. */
export function startTimeline(resume: Recording | undefined, settings: MediaSettings): Timeline {
  const segments = [...(resume?.segments ?? [])].sort((a, b) => a.sequence - b.sequence);
  return {
    inits: [...(resume?.inits ?? [])].sort((a, b) => a.initIndex - b.initIndex),
    segments,
    recentParts: new Map(),
    open: null,
    hint: null,
    ended: false,
    targetSeconds: targetSeconds(settings.segmentSeconds, segments),
    partSeconds: settings.partSeconds,
  };
}
