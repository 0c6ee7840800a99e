import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';
import kitOptions from './svelte.config.js';
import { oldBrowserCss } from './web/styles/old-browser-css.ts';

// docs/decisions/0010: WeChat's in-app browser on phones that no longer update.
const oldestBrowsers = ['chrome86', 'safari14'];

export default defineConfig({
  root: 'web',
  plugins: [
    paraglideVitePlugin({
      project: './web/project.inlang',
      outdir: './web/lib/paraglide',
      strategy: ['cookie', 'baseLocale'],
      cookieName: 'xb_locale',
      isServer: 'import.meta.env.SSR',
      outputStructure: 'message-modules',
      emitReadme: false,
    }),
    tailwindcss(),
    oldBrowserCss(),
    sveltekit(kitOptions),
  ],
  build: { target: oldestBrowsers, cssTarget: oldestBrowsers },
});
