import { afterAll, beforeAll, expect, it } from 'vitest';
import { ANSWERS, refusal } from '../../server/api-answers.ts';
import { openTestHub, type TestHub } from '../support/open-test-hub.ts';

let t: TestHub;
beforeAll(async () => {
  t = await openTestHub();
});
afterAll(() => t.close());

it('is alive, ready and measured', async () => {
  expect(await (await t.ask('GET', '/healthz')).json()).toEqual({ status: 'alive' });
  const ready = await t.ask('GET', '/readyz');
  const body = (await ready.json()) as { checks: { name: string }[] };
  expect(body.checks.map((check) => check.name)).toEqual(expect.arrayContaining(['database', 'outbox']));
  expect(await (await t.ask('GET', '/metrics')).text()).toContain('process_cpu_seconds_total');
});

it('describes its API and serves a page to browse it, from its own files', async () => {
  const document = (await (await t.ask('GET', '/api/openapi.json')).json()) as {
    openapi: string;
    paths: object;
  };
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths)).toContain('/api/regions');
  const page = await (await t.ask('GET', '/api/docs')).text();
  expect(page).not.toMatch(/https?:\/\//);
  for (const [, asset] of page.matchAll(/(?:src|href)="([^"]+)"/g)) {
    expect((await t.ask('GET', asset!)).status).toBe(200);
  }
});

interface Operation {
  responses: Record<string, { content?: { 'application/json': { schema: object } } }>;
  security?: object[];
}

it('says of every operation who may call it and how it refuses, and of the contract what it answers', async () => {
  const document = (await (await t.ask('GET', '/api/openapi.json')).json()) as {
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: { Refusal: { properties: { error: { required: string[] } } } } };
  };
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) => [String(`${method.toUpperCase()} ${path}`), operation] as const,
    ),
  );
  expect(operations.length).toBeGreaterThan(40);
  for (const [name, operation] of operations) {
    expect([name, operation.security]).not.toEqual([name, undefined]);
    expect([name, Object.keys(operation.responses)]).toEqual([name, expect.arrayContaining(['default'])]);
  }
  const described = new Map<string, Operation>(operations);
  for (const [door, { status }] of Object.entries(ANSWERS)) {
    const name = door.replace(/:(\w+)/g, '{$1}');
    expect([name, described.get(name)?.responses[status]?.content]).not.toEqual([name, undefined]);
  }
  expect(document.components.schemas.Refusal.properties.error.required).toContain('sentence');
});

it('answers in the shapes that it documents', async () => {
  for (const path of ['/healthz', '/readyz', '/api/broadcasts']) {
    const answer = await t.ask('GET', path);
    expect(ANSWERS[`GET ${path}`]!.schema.parse(await answer.json())).toBeDefined();
  }
  const refused = await t.ask('GET', '/api/auth/me');
  expect(refusal.parse(await refused.json()).error.code).toBe('auth.required');
});

it('answers a refusal with a code, a sentence in the reader’s language and the field, never the refused value', async () => {
  const refused = await t.ask('GET', '/api/regions?parentCode=secret-value');
  expect(refused.status).toBe(400);
  const text = await refused.text();
  expect(text).not.toContain('secret-value');
  expect(JSON.parse(text)).toMatchObject({
    error: {
      code: 'input.invalid',
      sentence: expect.stringContaining('填'),
      fields: [{ path: 'parentCode' }],
    },
  });
  const english = await t.ask('GET', '/api/nowhere', { headers: { 'Accept-Language': 'en-GB' } });
  expect(english.status).toBe(404);
  expect(await english.json()).toMatchObject({
    error: { code: 'not-found', sentence: expect.stringContaining('Not found') },
  });
});

it('refuses a body that is not JSON, one that is too large and one that is not filled in', async () => {
  const malformed = await t.ask('POST', '/api/auth/login', {
    body: '{"username": ',
    headers: { 'Content-Type': 'application/json' },
  });
  expect(malformed.status).toBe(400);
  expect(await malformed.json()).toMatchObject({ error: { code: 'input.malformed' } });
  const large = await t.ask('POST', '/api/auth/login', {
    body: { username: 'x'.repeat(2_000_000), password: 'y' },
  });
  expect(large.status).toBe(413);
  expect(await large.json()).toMatchObject({ error: { code: 'input.too-large' } });
  const empty = await t.ask('POST', '/api/auth/login', { body: { username: '', password: 'y' } });
  expect(await empty.json()).toMatchObject({ error: { fields: [{ path: 'username', rule: 'required' }] } });
});
