import type { Plugin } from 'vite';

/**
 * Svelte scopes the later parts of a selector with `:where(.svelte-…)`, which Chrome before 88 does not know and
 * for which it drops the whole rule. The bare class selects the same elements.
 */
export function unwrapScopes(css: string): string {
  return css.replace(/:where\((\.svelte-[a-z0-9]+)\)/g, '$1');
}

/** Tailwind keeps the first values of its properties in a layer, which Safari before 15.4 and Chrome before 99 drop whole. */
export function unwrapLayers(css: string): string {
  const bare = css.replace(/@layer [\w, -]+;/g, '');
  const start = /@layer [\w-]+\s*\{/.exec(bare);
  if (!start) return bare;
  const open = start.index + start[0].length;
  let depth = 1;
  let end = open;
  for (; depth > 0 && end < bare.length; end++) {
    if (bare[end] === '{') depth++;
    if (bare[end] === '}') depth--;
  }
  return unwrapLayers(bare.slice(0, start.index) + bare.slice(open, end - 1) + bare.slice(end));
}

/** Rewrites the built style sheets for the oldest browsers we serve (docs/decisions/0020-old-browsers.md). */
export function oldBrowserCss(): Plugin {
  return {
    name: 'xiangbo:old-browser-css',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type !== 'asset' || !file.fileName.endsWith('.css')) continue;
          file.source = unwrapLayers(unwrapScopes(String(file.source)));
        }
      },
    },
  };
}
