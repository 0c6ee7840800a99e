import { expect, it } from 'vitest';
import {
  accountsWith,
  arrangeStage,
  EMPTY_STAGE,
  hasRoom,
  nextStage,
  nextStanding,
  STANDING_CHANGES,
  STANDINGS,
  type OwnedProducer,
  type StageFact,
  type StageState,
} from '../../server/broadcasts/stage-rules.ts';

/** Rows: standing. Columns in the order of STANDING_CHANGES; `.` changes nothing. */
const TABLE = `
         raise-hand lower-hand give-floor take-floor leave name-cohost remove-cohost
none     hand       .          .          .          .     cohost      .
hand     .          none       floor      .          .     cohost      .
floor    .          .          .          none       none  cohost      .
cohost   .          .          .          .          .     .           none
`
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));

it('moves a standing as the table says and no other way', () => {
  const [changes, ...rows] = TABLE;
  expect(changes).toEqual([...STANDING_CHANGES]);
  const moves = STANDINGS.map((standing) => [
    standing,
    ...STANDING_CHANGES.map((change) => nextStanding(standing, change) ?? '.'),
  ]);
  expect(moves).toEqual(rows);
});

function after(...facts: StageFact[]): StageState {
  return facts.reduce((state, fact) => nextStage(state, fact) ?? state, EMPTY_STAGE);
}
const raise = (accountId: string): StageFact => ({ what: 'raise-hand', accountId });
const give = (accountId: string): StageFact => ({ what: 'give-floor', accountId });

it('keeps hands in the order in which they went up, and forgets whoever is nothing', () => {
  const state = after(raise('a'), raise('b'), raise('a'), { what: 'lower-hand', accountId: 'a' }, raise('a'));
  expect(accountsWith(state, 'hand')).toEqual(['b', 'a']);
  expect(after(raise('a'), { what: 'lower-hand', accountId: 'a' }).standings.size).toBe(0);
});

it('keeps the owner a place, and counts a co-host only while they publish', () => {
  const about = { ownerAccountId: 'owner', publishing: ['owner'] };
  const three = after(...['a', 'b', 'c'].flatMap((who) => [raise(who), give(who)]));
  expect(hasRoom(after(raise('a'), give('a')), { ...about, accountId: 'd' })).toBe(true);
  expect(hasRoom(three, { ...about, accountId: 'd' })).toBe(false);
  expect(hasRoom(three, { ...about, accountId: 'c' })).toBe(true);
  expect(hasRoom(three, { ...about, accountId: 'owner', publishing: [] })).toBe(true);
  const cohosts = after(...['x', 'y', 'z'].map((accountId) => ({ what: 'name-cohost', accountId }) as const));
  expect(hasRoom(cohosts, { ...about, accountId: 'd' })).toBe(true);
  expect(hasRoom(cohosts, { ...about, accountId: 'd', publishing: ['x', 'y', 'z'] })).toBe(false);
});

const camera = (accountId: string): OwnedProducer => ({
  accountId,
  peerId: `peer-${accountId}`,
  source: 'camera',
});
const screen = (accountId: string): OwnedProducer => ({ ...camera(accountId), source: 'screen' });
const sound = (accountId: string): OwnedProducer => ({ ...camera(accountId), source: 'microphone' });

it.each([
  ['nobody', [], 'one', []],
  ['the owner alone', [sound('owner'), camera('owner')], 'one', ['owner camera']],
  [
    'a shared screen',
    [camera('owner'), screen('owner')],
    'picture-in-picture',
    ['owner screen', 'owner camera'],
  ],
  ['someone with the floor', [camera('a'), camera('owner')], 'side-by-side', ['owner camera', 'a camera']],
  [
    'a co-host before the floor',
    [camera('a'), camera('x'), screen('owner'), camera('owner')],
    'picture-in-picture',
    ['owner screen', 'owner camera', 'x camera', 'a camera'],
  ],
] as const)('arranges what suggests itself: %s', (_, published, layout, pictures) => {
  const state = after(raise('a'), give('a'), { what: 'name-cohost', accountId: 'x' });
  const arranged = arrangeStage(state, 'owner', published);
  expect(arranged.layout).toBe(layout);
  expect(arranged.pictures.map(({ accountId, source }) => `${accountId} ${source}`)).toEqual(pictures);
});

it('follows what the host chose: the layout, and whose picture is the large one', () => {
  const main = { accountId: 'a', source: 'camera' } as const;
  const state = after(raise('a'), give('a'), { what: 'set-layout', layout: 'one', main });
  const arranged = arrangeStage(state, 'owner', [screen('owner'), camera('owner'), camera('a')]);
  expect(arranged.layout).toBe('one');
  expect(arranged.pictures[0]).toMatchObject(main);
});
