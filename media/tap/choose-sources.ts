/** A published producer as far as the choice of what to record is concerned, in the order of publication. */
export interface Candidate {
  producerId: string;
  kind: 'audio' | 'video';
  paused: boolean;
  /** No RTP for some seconds, or its transport is lost. */
  stale: boolean;
}

export interface ChosenSources {
  video: string | null;
  audio: string | null;
  /** `plain`: there is somebody, and no picture. `none`: nobody, or all have fallen silent. */
  picture: 'none' | 'camera' | 'plain';
}

/**
 * The newest picture and the newest sound that are there. Somebody who muted everything is still there; somebody
 * whose every open source fell silent is not.
 */
export function chooseSources(candidates: readonly Candidate[]): ChosenSources {
  const open = candidates.filter(({ paused }) => !paused);
  const flowing = open.filter(({ stale }) => !stale);
  const newest = (kind: Candidate['kind']) =>
    flowing.findLast((one) => one.kind === kind)?.producerId ?? null;
  const chosen = { video: newest('video'), audio: newest('audio') };
  if (candidates.length === 0 || (open.length > 0 && flowing.length === 0))
    return { ...chosen, picture: 'none' };
  return { ...chosen, picture: chosen.video ? 'camera' : 'plain' };
}
