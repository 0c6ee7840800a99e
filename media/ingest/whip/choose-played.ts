import type { ProducerInfo, StagePicture } from '../../contract.ts';

/**
 * What a player gets that takes one picture and one sound: the large picture of the stage, or else the newest, and the
 * sound of whoever sends it, or else the oldest there is.
 */
export function choosePlayed(able: readonly ProducerInfo[], shown: readonly StagePicture[]): ProducerInfo[] {
  const pictures = able.filter(({ kind }) => kind === 'video');
  const sounds = able.filter(({ kind, source }) => kind === 'audio' && source === 'microphone');
  const large = shown[0];
  const picture =
    pictures.find(({ peerId, source }) => peerId === large?.peerId && source === large.source) ??
    pictures.at(-1);
  const sound = sounds.find(({ peerId }) => peerId === picture?.peerId) ?? sounds[0];
  return [picture, sound].filter((one) => one !== undefined);
}
