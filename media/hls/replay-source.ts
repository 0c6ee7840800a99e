import type { Recording } from '../recording/contract.ts';
import { segmentsWithin, type Span } from '../recording/span.ts';
import type { HlsSource } from './contract.ts';
import { LiveSource } from './live-source.ts';
import { lowerTimeline, recordedRenditions } from '../ladder/lower-timeline.ts';
import { targetSeconds, type Timeline } from './timeline.ts';

/** The ended broadcast from its rows, or a span of it by whole segments: nothing grows and nothing waits. */
export function openReplaySource(
  recording: Recording,
  settings: { storageDir: string; segmentSeconds: number; partSeconds: number; span?: Span },
): HlsSource {
  const ordered = [...recording.segments].sort((a, b) => a.sequence - b.sequence);
  const { segments, firstMs } = segmentsWithin(ordered, settings.span);
  const timeline: Timeline = {
    inits: [...recording.inits].sort((a, b) => a.initIndex - b.initIndex),
    segments,
    startMs: settings.span ? Math.max(0, settings.span.startMs - firstMs) : 0,
    recentParts: new Map(),
    open: null,
    hint: null,
    ended: true,
    targetSeconds: targetSeconds(settings.segmentSeconds, segments),
    partSeconds: settings.partSeconds,
  };
  const { storageDir } = settings;
  const source = new LiveSource({ storageDir, timeline });
  for (const rendition of recordedRenditions(recording.lower)) {
    const lower = lowerTimeline(timeline, recording.lower, rendition);
    source.addLower(rendition, new LiveSource({ storageDir, timeline: lower }));
  }
  return source;
}
