import { expect, it } from 'vitest';
import { pathWithin } from '../../web/lib/shell/path-within.ts';

const ORIGIN = 'https://hub.example.cn';

it('leads back to where the reader was', () => {
  expect(pathWithin(ORIGIN, '/runs/7?page=2#row')).toBe('/runs/7?page=2#row');
});

it.each(['https://evil.example', '//evil.example/x', '/\\evil.example', 'javascript:alert(1)', '', null])(
  'never leads out of the hub: %s',
  (said) => {
    expect(pathWithin(ORIGIN, said)).toBe('/');
  },
);
