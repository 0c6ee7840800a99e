import adapter from '@sveltejs/adapter-node';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/**
 * What the web is built with. `vite.config.ts` hands it to Kit's Vite plugin: Kit 3 refuses a
 * `svelte.config.js` in the Vite root, and ours is `web/`.
 * @type {import('@sveltejs/kit/vite').Config}
 */
const config = {
  preprocess: vitePreprocess(),
  // Runes everywhere in our own files; libraries decide for themselves.
  compilerOptions: { runes: ({ filename }) => (filename.includes('node_modules') ? undefined : true) },
  files: { src: '.', assets: 'static' },
  // The sign-in page registers it for itself (web/lib/sign-in/keep-page.ts).
  serviceWorker: { register: false },
  outDir: '../.svelte-kit',
  adapter: adapter({ out: 'build' }),
};

export default config;
