import type { BroadcastEvents, Layout, StageShown } from '../contract.ts';
import type { ChosenPicture, ChosenSources } from '../tap/choose-sources.ts';

export interface PlannedPicture extends ChosenPicture {
  /** H.264 as browsers and HLS both have it; anything else must be encoded. */
  copyable: boolean;
}

export type ShowPlan =
  | { kind: 'nothing' }
  | { kind: 'copy'; producerId: string }
  | { kind: 'encode'; layout: Layout; producerIds: string[] };

/** Cores that decoding, painting and encoding are taken to need at 720p and 25 pictures a second: an estimate on the safe side. */
export function encodingCost(pictures: number): number {
  return 0.3 + 0.15 * pictures;
}

/** What would be shown with room for an encoder. */
export function planShow(layout: Layout, pictures: readonly PlannedPicture[]): ShowPlan {
  const [first] = pictures;
  if (!first) return { kind: 'nothing' };
  if (pictures.length === 1 && first.copyable) return { kind: 'copy', producerId: first.producerId };
  return { kind: 'encode', layout, producerIds: pictures.map(({ producerId }) => producerId) };
}

/** What is shown without: the first picture that can be copied, and the plain picture where there is none. */
export function planWithoutEncoder(pictures: readonly PlannedPicture[]): ShowPlan {
  const copyable = pictures.find((one) => one.copyable);
  return copyable ? { kind: 'copy', producerId: copyable.producerId } : { kind: 'nothing' };
}

/** Whether the layout or the codec is what asked for an encoder in vain. */
export function refusedWhat(
  pictures: readonly PlannedPicture[],
): Pick<BroadcastEvents['encodingRefused'], 'what' | 'producerId'> {
  const [first] = pictures;
  return pictures.length > 1 || !first
    ? { what: 'layout', producerId: null }
    : { what: 'codec', producerId: first.producerId };
}

export function tellShown(plan: ShowPlan, chosen: ChosenSources, refused: boolean): StageShown {
  const ids = plan.kind === 'nothing' ? [] : plan.kind === 'copy' ? [plan.producerId] : plan.producerIds;
  return {
    layout: plan.kind === 'encode' ? plan.layout : 'one',
    pictures: chosen.pictures
      .filter(({ producerId }) => ids.includes(producerId))
      .map(({ peerId, source }) => ({ peerId, source })),
    lacking: refused ? 'no-cpu' : chosen.lacking,
  };
}
