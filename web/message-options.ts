/** How messages become code. One place, so that Vite and `compile-messages.ts` write the same files. Paths from the repository's root. */
export const messageOptions = {
  project: './web/project.inlang',
  outdir: './web/lib/paraglide',
  // In the browser the page's own language, as the server chose it: hooks.server.ts, hooks.client.ts.
  strategy: ['cookie', 'custom-page', 'baseLocale'] as ['cookie', 'custom-page', 'baseLocale'],
  // The API reads the same cookie: server/platform/http/environment.ts.
  cookieName: 'xiangbo_locale',
  isServer: 'import.meta.env.SSR',
  outputStructure: 'message-modules' as const,
  emitReadme: false,
};
