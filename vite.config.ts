import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';
import kitOptions from './svelte.config.js';
import { messageOptions } from './web/message-options.ts';
import { oldBrowserCss } from './web/styles/old-browser-css.ts';

// WeChat's in-app browser on phones that no longer update: docs/decisions/0020-old-browsers.md.
const oldestBrowsers = ['chrome86', 'safari14'];

export default defineConfig({
  root: 'web',
  plugins: [paraglideVitePlugin(messageOptions), tailwindcss(), sveltekit(kitOptions), oldBrowserCss()],
  build: { target: oldestBrowsers, cssTarget: oldestBrowsers },
});
