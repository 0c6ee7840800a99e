import { expect, test } from 'vitest';
import { HomeSearch } from '../../../media/sfu/home-search.ts';

type Home = { name: string; router: { closed: boolean } };

function search() {
  const asked: PromiseWithResolvers<Home>[] = [];
  const movedInto: string[] = [];
  const homes = new HomeSearch<Home>(
    () => {
      asked.push(Promise.withResolvers());
      return asked.at(-1)!.promise;
    },
    ({ name }) => movedInto.push(name),
  );
  return { homes, asked, movedInto };
}
const home = (name: string, closed = false): Home => ({ name, router: { closed } });

test('a second death while a home is looked for opens no second one', async () => {
  const { homes, asked, movedInto } = search();
  const both = [homes.search(), homes.search()];
  expect(homes.running).toBe(true);
  expect(asked.length).toBe(1);
  asked[0]!.resolve(home('new'));
  await Promise.all(both);
  expect(movedInto).toEqual(['new']);
  expect(homes.running).toBe(false);
});

test('a home whose worker died on the way is passed over', async () => {
  const { homes, asked, movedInto } = search();
  const moved = homes.search();
  asked[0]!.resolve(home('dead', true));
  await expect.poll(() => asked.length).toBe(2);
  expect(homes.running).toBe(true);
  asked[1]!.resolve(home('next'));
  await moved;
  expect(movedInto).toEqual(['next']);
});

test('a search in vain is told to all who wait, and can be begun anew', async () => {
  const { homes, asked, movedInto } = search();
  const both = [homes.search(), homes.search()];
  asked[0]!.reject(new Error('no worker'));
  for (const one of both) await expect(one).rejects.toThrow('no worker');
  expect(homes.running).toBe(false);
  const again = homes.search();
  asked[1]!.resolve(home('late'));
  await again;
  expect(movedInto).toEqual(['late']);
});
