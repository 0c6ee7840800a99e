/// <reference lib="webworker" />
/**
 * Lets the sign-in page open where there is no network: whoever scans the code then is given the page as it was kept,
 * which keeps the code until it can be sent. Registered for `/s/` only; no other page passes through here.
 */
const worker = globalThis as unknown as ServiceWorkerGlobalScope;

const CACHE = 'sign-in';
const SHELL = '/s';
/** A network that takes longer than this is none, with a line of people behind. */
const PATIENCE_MS = 6_000;

worker.addEventListener('install', () => void worker.skipWaiting());
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));

/** The page names the files it was made of; with the page itself they are all that it needs. */
worker.addEventListener('message', (event: ExtendableMessageEvent) => {
  const files = event.data as unknown;
  if (Array.isArray(files)) event.waitUntil(keep(files.filter((file) => typeof file === 'string')));
});

async function keep(files: string[]): Promise<void> {
  const cache = await caches.open(CACHE);
  const wanted = new Set(files);
  // Anonymous: the page kept on a family's phone names nobody.
  const shell = await fetch(SHELL, { credentials: 'omit' });
  if (!shell.ok) return;
  for (const file of wanted) if (!(await cache.match(file))) await cache.add(file);
  await cache.put(SHELL, shell);
  for (const kept of await cache.keys()) {
    const { pathname } = new URL(kept.url);
    if (pathname !== SHELL && !wanted.has(pathname)) await cache.delete(kept);
  }
}

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  if (request.mode === 'navigate') event.respondWith(openPage(request));
  else if (new URL(request.url).pathname.startsWith('/_app/immutable/'))
    event.respondWith(fromCache(request));
});

async function openPage(request: Request): Promise<Response> {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (error) {
    const kept = await caches.match(SHELL);
    if (!kept) throw error;
    return kept;
  }
}

async function fromCache(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}
