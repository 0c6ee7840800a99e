import { expect, test } from 'vitest';
import { placeViewer, type StandingPlace, type ViewerPlace } from '../../../media/sfu/place-viewer.ts';

const limits = { viewersPerRouter: 3, consumersPerWorker: 10 };
const home = (viewers: number, workerConsumers = viewers * 2): StandingPlace => ({
  viewers,
  workerConsumers,
});

test.each<[string, StandingPlace[], { consumers: number }[], ViewerPlace]>([
  ['the first stays at home', [home(0)], [{ consumers: 0 }], { at: 'standing', index: 0 }],
  [
    'as long as there is room, also beside an idle worker',
    [home(2)],
    [{ consumers: 0 }],
    { at: 'standing', index: 0 },
  ],
  [
    'a full router gets a branch on the least loaded worker',
    [home(3)],
    [{ consumers: 4 }, { consumers: 2 }],
    { at: 'new-branch', index: 1 },
  ],
  [
    'a worker that others fill counts as full',
    [home(1, 9)],
    [{ consumers: 9 }, { consumers: 8 }],
    { at: 'new-branch', index: 1 },
  ],
  [
    'standing branches are filled before a new one',
    [home(3), home(1)],
    [{ consumers: 0 }],
    { at: 'standing', index: 1 },
  ],
  ['the less loaded of two', [home(2, 8), home(2, 6)], [], { at: 'standing', index: 1 }],
  ['no router has room and no worker is left', [home(3), home(3)], [], 'full'],
  ['no worker has room', [home(3)], [{ consumers: 9 }], 'full'],
])('%s', (_, standing, workersWithout, expected) => {
  expect(placeViewer(standing, workersWithout, limits)).toEqual(expected);
});
