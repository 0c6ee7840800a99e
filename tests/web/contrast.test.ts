import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../web/styles/tokens.css', import.meta.url), 'utf8');

/** The declarations of the block that a selector opens. */
function declarations(selector: string): Map<string, string> {
  const at = css.indexOf(`${selector} {`);
  expect(at, selector).toBeGreaterThan(-1);
  const block = css.slice(css.indexOf('{', at) + 1, css.indexOf('}', at));
  return new Map(
    [...block.matchAll(/([\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name ?? '', value ?? '']),
  );
}

const THEMES = {
  light: declarations("[data-theme='light']"),
  dark: declarations("[data-theme='dark']"),
};
const GROUNDS = ['paper', 'surface', 'sunken'];
const HUES = ['cherry', 'rice', 'peacock', 'turmeric'];

/** Relative luminance by WCAG 2.2. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(theme: Map<string, string>, one: string, other: string): number {
  const [a, b] = [one, other].map((name) => {
    const value = theme.get(`--${name}`);
    expect(value, `--${name}`).toMatch(/^#[0-9a-f]{6}$/);
    return luminance(value ?? '');
  }) as [number, number];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const TEXT: [string, string][] = [
  ...GROUNDS.flatMap((ground): [string, string][] => [
    ['ink', ground],
    ['ink-soft', ground],
    ...HUES.map((hue): [string, string] => [`${hue}-ink`, ground]),
  ]),
  ...HUES.flatMap((hue): [string, string][] => [
    [`${hue}-ink`, `${hue}-tint`],
    ['ink', `${hue}-tint`],
  ]),
  ['on-cherry', 'cherry'],
  ['on-cherry', 'cherry-press'],
  ['on-rice', 'rice'],
  ['on-peacock', 'peacock'],
  ['on-turmeric', 'turmeric-bright'],
];
const CONTROLS: [string, string][] = GROUNDS.flatMap((ground): [string, string][] => [
  ['control', ground],
  ['focus', ground],
  ...HUES.map((hue): [string, string] => [hue, ground]),
]);

describe.each(Object.entries(THEMES))('in the %s theme', (_name, theme) => {
  it.each(TEXT)('%s on %s can be read outdoors (7:1)', (text, ground) => {
    expect(contrast(theme, text, ground)).toBeGreaterThanOrEqual(7);
  });

  it.each(CONTROLS)('%s on %s can be seen (3:1)', (mark, ground) => {
    expect(contrast(theme, mark, ground)).toBeGreaterThanOrEqual(3);
  });
});

it('is as dark by the system’s wish as by the reader’s', () => {
  expect(declarations(':root:not([data-theme])')).toEqual(THEMES.dark);
});

it('names the same tokens in both themes', () => {
  expect([...THEMES.dark.keys()]).toEqual([...THEMES.light.keys()]);
});
