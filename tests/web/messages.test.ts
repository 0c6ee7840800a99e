import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const MESSAGES = new URL('../../web/messages/', import.meta.url);
const AREAS = readdirSync(new URL('zh-CN/', MESSAGES)).map((file) => file.replace('.json', ''));

type Messages = Record<string, unknown>;

function read(locale: string, area: string): Messages {
  return JSON.parse(readFileSync(new URL(`${locale}/${area}.json`, MESSAGES), 'utf8')) as Messages;
}

/** The names in braces, each once. */
function blanks(message: unknown): string[] {
  return [...new Set(JSON.stringify(message).match(/\{\w+\}/g) ?? [])].sort();
}

describe.each(AREAS)('the messages of %s', (area) => {
  const [zh, en] = [read('zh-CN', area), read('en', area)];

  it('exist in both languages, with the same blanks', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
    for (const key of Object.keys(zh)) expect([key, blanks(en[key])]).toEqual([key, blanks(zh[key])]);
  });

  it('are named after their area, so that no two files claim one key', () => {
    const prefixes = { common: ['app_', 'nav_', 'ui_', 'home_'], errors: ['error_'] }[area] ?? [`${area}_`];
    for (const key of Object.keys(zh)) {
      expect(
        prefixes.some((prefix) => key.startsWith(prefix)),
        key,
      ).toBe(true);
    }
  });

  it('say something', () => {
    for (const [key, message] of [...Object.entries(zh), ...Object.entries(en)]) {
      expect(JSON.stringify(message).length, key).toBeGreaterThan(2);
    }
  });
});

it('is compiled from every file there is', () => {
  const settings = JSON.parse(
    readFileSync(new URL('../project.inlang/settings.json', MESSAGES), 'utf8'),
  ) as Record<string, { pathPattern: string[] }>;
  const named = settings['plugin.inlang.messageFormat']?.pathPattern;
  expect(named?.map((path) => /(\w+)\.json$/.exec(path)?.[1]).sort()).toEqual([...AREAS].sort());
});
