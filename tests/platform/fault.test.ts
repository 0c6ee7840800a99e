import { DrizzleQueryError } from 'drizzle-orm/errors';
import { expect, it } from 'vitest';
import { faultFields, faultWords } from '../../server/platform/fault.ts';

it('never tells the parameters of a statement that failed, however deep it lies', () => {
  const refused = new Error('SQLITE_CONSTRAINT: UNIQUE constraint failed: accounts.username');
  const failed = new DrizzleQueryError('insert into accounts values (?)', ['13800001234'], refused);
  const wrapped = new Error('could not register', { cause: failed });
  for (const told of [
    faultWords(failed),
    JSON.stringify(faultFields(failed)),
    JSON.stringify(faultFields(wrapped)),
  ]) {
    expect(told).not.toContain('13800001234');
    expect(told).toContain('SQLITE_CONSTRAINT');
  }
});
