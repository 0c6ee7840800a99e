/** Writes rows into the database named on the command line and prints each number once it was acknowledged. */
import { settings } from '../../drizzle/schema/platform.ts';
import { openDatabase } from '../../server/platform/database/open.ts';

const db = await openDatabase(`file:${process.argv[2]}`);
const text = 'x'.repeat(2000);
async function writeOne(n: number): Promise<void> {
  await db.transaction((tx) => tx.insert(settings).values({ key: `row-${n}`, value: text }));
  process.stdout.write(`${n}\n`);
}
for (let n = 0; ; n += 20) await Promise.all(Array.from({ length: 20 }, (_, at) => writeOne(n + at)));
