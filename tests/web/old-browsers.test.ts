import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import { build, type Rolldown } from 'vite';
import { expect, it } from 'vitest';
import { oldBrowserCss, unwrapLayers, unwrapScopes } from '../../web/styles/old-browser-css.ts';

const WEB = fileURLToPath(new URL('../../web', import.meta.url));

/** What Chrome 86 or iOS 14 does not know, so that a rule or the whole sheet would be dropped. */
const UNKNOWN_TO_THEM = /@layer|:where\(|:is\(|:has\(|oklch\(|color-mix\(|light-dark\(|@container|[0-9]dvh/;

it('flattens layers and keeps what is in them', () => {
  expect(unwrapLayers('@layer a, b;@layer a{x{y:1}@media print{x{y:2}}}z{y:3}')).toBe(
    'x{y:1}@media print{x{y:2}}z{y:3}',
  );
});

it('writes Svelte’s scopes as plain classes', () => {
  expect(unwrapScopes('.a.svelte-1x .b:where(.svelte-1x):hover{}')).toBe('.a.svelte-1x .b.svelte-1x:hover{}');
});

it('builds a style sheet that the oldest browsers understand', async () => {
  const output = (await build({
    root: WEB,
    configFile: false,
    logLevel: 'silent',
    plugins: [tailwindcss(), oldBrowserCss()],
    build: {
      write: false,
      cssTarget: ['chrome86', 'safari14'],
      rolldownOptions: { input: `${WEB}/styles/app.css` },
    },
  })) as Rolldown.RolldownOutput;
  const sheet = output.output.find((file) => file.fileName.endsWith('.css'));
  const css = sheet?.type === 'asset' ? String(sheet.source) : '';
  expect(css).toContain('--cherry');
  expect(css).not.toMatch(UNKNOWN_TO_THEM);
});

it('asks for nothing newer in the components’ own styles', () => {
  for (const file of globSync('**/*.svelte', { cwd: WEB, exclude: ['node_modules/**'] })) {
    const styles = /<style>[\s\S]*<\/style>/.exec(readFileSync(`${WEB}/${file}`, 'utf8'))?.[0] ?? '';
    expect(styles, file).not.toMatch(UNKNOWN_TO_THEM);
    expect(styles, `${file}: a colour belongs into styles/tokens.css`).not.toMatch(
      /#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(/,
    );
  }
});
