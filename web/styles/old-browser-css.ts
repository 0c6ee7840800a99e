import type { Plugin } from 'vite';

/**
 * Svelte scopes the second and later parts of a selector with `:where(.svelte-…)`, which Chrome before 88 does
 * not know and for which it drops the whole rule. The bare class selects the same elements.
 */
export function unwrapScopes(css: string): string {
  return css.replace(/:where\((\.svelte-[a-z0-9]+)\)/g, '$1');
}

export function oldBrowserCss(): Plugin {
  return {
    name: 'xiangbo:old-browser-css',
    enforce: 'pre',
    transform: {
      filter: { id: /\.svelte\?.*type=style/ },
      handler: (code) => ({ code: unwrapScopes(code), map: null }),
    },
  };
}
