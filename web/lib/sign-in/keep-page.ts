/**
 * Keeps this page on the phone, so that a code scanned without a network opens it (web/service-worker.ts). Old browsers,
 * and pages without TLS, have nothing to keep it with: then the browser's own page says that there is no network, and
 * the code is sent when it is loaded again.
 */
export async function keepPage(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const { active, installing, waiting } = await navigator.serviceWorker.register('/service-worker.js', {
    scope: '/s/',
    type: import.meta.env.DEV ? 'module' : 'classic',
  });
  const worker = active ?? waiting ?? installing;
  const files = performance
    .getEntriesByType('resource')
    .map(({ name }) => new URL(name))
    .filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith('/_app/immutable/'))
    .map(({ pathname }) => pathname);
  worker?.postMessage([...new Set(files)]);
}

/** The code in the address, where the page that was kept opened in the place of the code's own. */
export function tokenInAddress(): string | undefined {
  return /^\/s\/([\w-]{46})$/.exec(location.pathname)?.[1];
}
