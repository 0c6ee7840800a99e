import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findForbiddenImports } from '../../bootstrap/import-rules.mjs';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'xiangbo-imports-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

function given(files: Record<string, string>): void {
  for (const [path, source] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), source);
  }
}

const TARGETS = {
  'server/app.ts': 'export type App = string; export const app = 1;',
  'server/broadcasts/messages.ts': 'export const schema = 1; export type Message = string;',
  'server/training/service.ts': 'export const enrol = 1; export type Enrolment = string;',
  'server/training/rules.ts': 'export const decide = 1; export type Decision = string;',
  'server/programme/service.ts': 'export const figure = 1; export type Figure = string;',
  'server/platform/errors.ts': 'export class HubError extends Error {}',
  'server/stations/service.ts': 'export type Station = string;',
  'drizzle/schema/training.ts': 'export const sessions = 1; export type SessionRow = string;',
  'media/contract.ts': 'export type Broadcast = string;',
  'courses/model/course.ts': 'export const course = 1;',
  'courses/content/index.ts': 'export const content = 1;',
  'tests/support/clock.ts': 'export const clock = 1;',
  'bootstrap/setup.mjs': 'export const setup = 1;',
};

test.each([
  [
    'a higher room',
    'server/training/a.ts',
    "import { figure } from '../programme/service.ts'",
    'rank-of-training',
  ],
  [
    'a higher room, by type',
    'server/training/a.ts',
    "import type { Figure } from '../programme/service.ts'",
    'rank-of-training',
  ],
  [
    'a room of the same rank',
    'server/realtime/a.ts',
    "import type { Station } from '../stations/service.ts'",
    'rank-of-realtime',
  ],
  [
    'a room, past its service',
    'server/programme/a.ts',
    "import { decide } from '../training/rules.ts'",
    'rooms-meet-at-service',
  ],
  [
    "another room's table",
    'server/programme/store.ts',
    "import { sessions } from '../../drizzle/schema/training.ts'",
    'tables-by-their-room',
  ],
  [
    'a table outside the store',
    'server/training/a.ts',
    "import { sessions } from '../../drizzle/schema/training.ts'",
    'tables-in-the-store',
  ],
  [
    'the composition, from a room',
    'server/training/a.ts',
    "import type { App } from '../app.ts'",
    'rooms-below-composition',
  ],
  [
    'the server, from media',
    'media/a.ts',
    "import { HubError } from '../server/platform/errors.ts'",
    'media-alone',
  ],
  [
    'media, from courses',
    'courses/model/a.ts',
    "import type { Broadcast } from '../../media/contract.ts'",
    'courses-alone',
  ],
  [
    'tests, from the server',
    'server/training/a.ts',
    "import { clock } from '../../tests/support/clock.ts'",
    'nothing-imports-tests',
  ],
  [
    'bootstrap, from the server',
    'server/training/a.ts',
    "import { setup } from '../../bootstrap/setup.mjs'",
    'nothing-imports-bootstrap',
  ],
  [
    'a value of the app, from the web',
    'web/lib/a.ts',
    "import { app } from '../../server/app.ts'",
    'web-imports-server-types-only',
  ],
  [
    'a room, from the web',
    'web/lib/a.ts',
    "import type { Enrolment } from '../../server/training/service.ts'",
    'web-sees-contracts-only',
  ],
  [
    'courseware, from the web',
    'web/lib/a.ts',
    "import { content } from '../../courses/content/index.ts'",
    'web-sees-contracts-only',
  ],
  [
    'a room without a rank',
    'server/training/a.ts',
    "import { x } from '../annexe/service.ts'",
    'room-has-a-rank',
  ],
  ['a file that is not there', 'server/training/a.ts', "import { x } from './nowhere.ts'", 'resolvable'],
])('an import of %s is caught', async (_what, file, source, rule) => {
  given({ ...TARGETS, 'server/annexe/service.ts': 'export const x = 1;', [file]: `${source};\n` });
  const broken = await findForbiddenImports(root);
  expect(broken.map((line) => line.slice(0, line.indexOf(':')))).toContain(rule);
});

test('a component that imports a room is caught, by type too', async () => {
  const script =
    '<script lang="ts">\n  import type { Enrolment } from \'../../server/training/service.ts\';\n</script>\n';
  given({ ...TARGETS, 'web/routes/+page.svelte': script });
  expect(await findForbiddenImports(root)).toContain(
    'web-sees-contracts-only: web/routes/+page.svelte → server/training/service.ts',
  );
});

test('a circle of types is caught', async () => {
  given({
    'media/a.ts': "import type { B } from './b.ts';\nexport type A = B[];\n",
    'media/b.ts': "import type { A } from './a.ts';\nexport type B = A[];\n",
  });
  expect(await findForbiddenImports(root)).toContainEqual(expect.stringMatching(/^no-circles: /));
});

test('what the plan allows passes', async () => {
  given({
    ...TARGETS,
    'server/programme/service.ts': [
      "import { enrol } from '../training/service.ts';",
      "import type { Decision } from '../training/rules.ts';",
      "import { HubError } from '../platform/errors.ts';",
      "import type { Broadcast } from '../../media/contract.ts';",
      'export const figure = [enrol, HubError] as unknown as [Decision, Broadcast];',
    ].join('\n'),
    'server/training/store.ts': "export { sessions } from '../../drizzle/schema/training.ts';\n",
    'web/lib/api.ts': [
      "import type { App } from '../../server/app.ts';",
      "import type { Message } from '../../server/broadcasts/messages.ts';",
      "import { course } from '../../courses/model/course.ts';",
      'export const api = course as unknown as [App, Message];',
    ].join('\n'),
  });
  expect(await findForbiddenImports(root)).toEqual([]);
});

test('the tree keeps every rule', async () => {
  expect(await findForbiddenImports(resolve(import.meta.dirname, '../..'))).toEqual([]);
});
