import type { Layout, ProducerInfo, StagePicture, StageWish } from '../../media/contract.ts';

/** People who may be on stage at once, the owner among them: more cannot be told apart on a phone. */
export const MOST_ON_STAGE = 4;
export const MOST_COHOSTS = 8;

export const STANDINGS = ['none', 'hand', 'floor', 'cohost'] as const;
/** What someone who is not the owner is in a broadcast. */
export type Standing = (typeof STANDINGS)[number];

export const STANDING_CHANGES = [
  'raise-hand',
  'lower-hand',
  'give-floor',
  'take-floor',
  'leave',
  'name-cohost',
  'remove-cohost',
] as const;
export type StandingChange = (typeof STANDING_CHANGES)[number];

const TRANSITIONS: Record<Standing, Partial<Record<StandingChange, Standing>>> = {
  none: { 'raise-hand': 'hand', 'name-cohost': 'cohost' },
  hand: { 'lower-hand': 'none', 'give-floor': 'floor', 'name-cohost': 'cohost' },
  floor: { 'take-floor': 'none', leave: 'none', 'name-cohost': 'cohost' },
  cohost: { 'remove-cohost': 'none' },
};

/** The standing after a change, or undefined where it changes nothing. */
export function nextStanding(standing: Standing, change: StandingChange): Standing | undefined {
  return TRANSITIONS[standing][change];
}

/** One of an account's two pictures. */
export interface PictureOf {
  accountId: string;
  source: StagePicture['source'];
}

/** Who is what in a broadcast, and how it is to be shown. */
export interface StageState {
  /** By account, in the order in which they came to it. Whoever is nothing is not in it. */
  standings: ReadonlyMap<string, Exclude<Standing, 'none'>>;
  /** Null: as what is published suggests. */
  layout: Layout | null;
  /** The large picture, where someone chose it. */
  main: PictureOf | null;
}

export const EMPTY_STAGE: StageState = { standings: new Map(), layout: null, main: null };

export type StageFact =
  | { what: StandingChange; accountId: string }
  | { what: 'set-layout'; layout: Layout; main: PictureOf | null };

/** The state after a fact, or undefined where it changes nothing. */
export function nextStage(state: StageState, fact: StageFact): StageState | undefined {
  if (fact.what === 'set-layout') return { ...state, layout: fact.layout, main: fact.main };
  const standing = nextStanding(state.standings.get(fact.accountId) ?? 'none', fact.what);
  if (standing === undefined) return undefined;
  const standings = new Map(state.standings);
  // Whoever comes to a new standing stands behind those who were there.
  standings.delete(fact.accountId);
  if (standing !== 'none') standings.set(fact.accountId, standing);
  return { ...state, standings };
}

/** The accounts of a standing, first come first. */
export function accountsWith(state: StageState, wanted: Standing): string[] {
  return [...state.standings].flatMap(([accountId, standing]) => (standing === wanted ? [accountId] : []));
}

/**
 * True while one more account may come on stage. The owner's place is always kept; a co-host takes one while they
 * publish, whoever has the floor from the moment it is given.
 */
export function hasRoom(
  state: StageState,
  about: { accountId: string; ownerAccountId: string; publishing: readonly string[] },
): boolean {
  const taken = new Set([about.ownerAccountId, ...accountsWith(state, 'floor')]);
  for (const accountId of about.publishing)
    if (state.standings.get(accountId) === 'cohost') taken.add(accountId);
  return taken.has(about.accountId) || taken.size < MOST_ON_STAGE;
}

/** Something published, and whose it is. */
export type OwnedProducer = Pick<ProducerInfo, 'peerId' | 'source'> & { accountId: string };

/** A picture on stage and whose it is. */
export type OwnedPicture = StagePicture & { accountId: string };

/** The pictures that are published, in the order in which they are to be shown, and the layout of them. */
export function arrangeStage(
  state: StageState,
  ownerAccountId: string,
  published: readonly OwnedProducer[],
): { layout: Layout; pictures: OwnedPicture[] } {
  const people = [ownerAccountId, ...accountsWith(state, 'cohost'), ...accountsWith(state, 'floor')];
  const rank = ({ accountId, source }: OwnedPicture) => {
    if (state.main?.accountId === accountId && state.main.source === source) return -1;
    const place = people.indexOf(accountId);
    return (source === 'screen' ? 0 : people.length + 1) + (place < 0 ? people.length : place);
  };
  const pictures = published.flatMap(({ peerId, source, accountId }) =>
    source === 'camera' || source === 'screen' ? [{ peerId, source, accountId }] : [],
  );
  const ordered = pictures.toSorted((a, b) => rank(a) - rank(b)).slice(0, MOST_ON_STAGE);
  return { layout: state.layout ?? usualLayout(ordered), pictures: ordered };
}

/** Where nobody chose: faces in the corner of a screen, several faces side by side. */
function usualLayout(pictures: readonly OwnedPicture[]): Layout {
  if (pictures.length < 2) return 'one';
  return pictures.some(({ source }) => source === 'screen') ? 'picture-in-picture' : 'side-by-side';
}

/** What the media plane is asked to show. */
export function wishOf(arranged: { layout: Layout; pictures: readonly OwnedPicture[] }): StageWish {
  return {
    layout: arranged.layout,
    pictures: arranged.pictures.map(({ peerId, source }) => ({ peerId, source })),
  };
}
