/** How messages become code. One place, so that Vite and `compile-messages.ts` write the same files. Paths from the repository's root. */
export const messageOptions = {
  project: './web/project.inlang',
  outdir: './web/lib/paraglide',
  strategy: ['cookie', 'baseLocale'] as ['cookie', 'baseLocale'],
  // The API reads the same cookie: server/platform/http/environment.ts.
  cookieName: 'xiangbo_locale',
  isServer: 'import.meta.env.SSR',
  outputStructure: 'message-modules' as const,
  emitReadme: false,
};
