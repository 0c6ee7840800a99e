import type { InitRecord, Recording, SegmentRecord } from './contract.ts';

/** Records of all renditions as a recording: those of the source, and the lower ones apart where there are any. */
export function splitRecording(all: { inits: InitRecord[]; segments: SegmentRecord[] }): Recording {
  const isLower = ({ rendition }: { rendition?: string }) => rendition !== undefined;
  const lower = { inits: all.inits.filter(isLower), segments: all.segments.filter(isLower) };
  const own = {
    inits: all.inits.filter((one) => !isLower(one)),
    segments: all.segments.filter((one) => !isLower(one)),
  };
  return lower.inits.length + lower.segments.length > 0 ? { ...own, lower } : own;
}
