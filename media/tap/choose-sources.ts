import type { Source, StagePicture, StageShown, StageWish } from '../contract.ts';

/** A published producer as far as the choice of what to record is concerned, in the order of publication. */
export interface Candidate {
  producerId: string;
  peerId: string;
  kind: 'audio' | 'video';
  source: Source;
  paused: boolean;
  /** No RTP for some seconds, or its transport is lost. */
  stale: boolean;
}

export interface ChosenPicture extends StagePicture {
  producerId: string;
}

export interface ChosenSources {
  layout: StageShown['layout'];
  /** In order, the first is the large one. */
  pictures: ChosenPicture[];
  /** Of all that can be heard, the oldest first. */
  sounds: string[];
  lacking: 'not-published' | null;
  /** `plain`: there is somebody, and no picture. `none`: nobody, or all have fallen silent. */
  picture: 'none' | 'camera' | 'plain';
}

export const NOBODY: ChosenSources = {
  layout: 'one',
  pictures: [],
  sounds: [],
  lacking: null,
  picture: 'none',
};

/** More cannot be told apart on a phone. */
export const MOST_PICTURES = 4;

/**
 * The wished pictures that are there, otherwise the newest, and every sound. Somebody who muted everything is still
 * there; somebody whose every open source fell silent is not.
 */
export function chooseSources(candidates: readonly Candidate[], wish: StageWish): ChosenSources {
  const open = candidates.filter(({ paused }) => !paused);
  const flowing = open.filter(({ stale }) => !stale);
  const sounds = flowing.filter(({ kind }) => kind === 'audio').map(({ producerId }) => producerId);
  const videos = flowing.filter(({ kind }) => kind === 'video').flatMap(asPicture);
  const chosen = { ...choosePictures(videos, wish), sounds };
  if (candidates.length === 0 || (open.length > 0 && flowing.length === 0))
    return { ...chosen, picture: 'none' };
  return { ...chosen, picture: chosen.pictures.length > 0 ? 'camera' : 'plain' };
}

function choosePictures(
  videos: ChosenPicture[],
  wish: StageWish,
): Pick<ChosenSources, 'layout' | 'pictures' | 'lacking'> {
  const wished = wish.pictures.slice(0, MOST_PICTURES);
  const found = wished.map(({ peerId, source }) =>
    videos.findLast((one) => one.peerId === peerId && one.source === source),
  );
  const present = [...new Set(found)].filter((one) => one !== undefined);
  const pictures = present.length > 0 ? present : videos.slice(-1);
  if (wish.layout === 'one' || pictures.length < 2) {
    const missing = wish.layout === 'one' ? found.length > 0 && !found[0] : found.includes(undefined);
    return { layout: 'one', pictures: pictures.slice(0, 1), lacking: missing ? 'not-published' : null };
  }
  return { layout: wish.layout, pictures, lacking: found.includes(undefined) ? 'not-published' : null };
}

function asPicture({ producerId, peerId, source }: Candidate): ChosenPicture[] {
  return source === 'camera' || source === 'screen' ? [{ producerId, peerId, source }] : [];
}
