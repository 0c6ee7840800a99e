import type { Recording } from '../recording/contract.ts';
import type { HlsSource } from './contract.ts';
import { LiveSource } from './live-source.ts';
import { targetSeconds } from './timeline.ts';

/** The ended broadcast from its rows: nothing grows and nothing waits. */
export function openReplaySource(
  recording: Recording,
  settings: { storageDir: string; segmentSeconds: number; partSeconds: number },
): HlsSource {
  const segments = [...recording.segments].sort((a, b) => a.sequence - b.sequence);
  return new LiveSource({
    storageDir: settings.storageDir,
    timeline: {
      inits: [...recording.inits].sort((a, b) => a.initIndex - b.initIndex),
      segments,
      recentParts: new Map(),
      open: null,
      hint: null,
      ended: true,
      targetSeconds: targetSeconds(settings.segmentSeconds, segments),
      partSeconds: settings.partSeconds,
    },
  });
}
