/// <reference lib="webworker" />
/**
 * Lets the sign-in page open where there is no network: whoever scans the code then is given the page as it was kept,
 * which keeps the code until it can be sent. Registered for `/s/` only; no other page passes through here.
 */
const worker = globalThis as unknown as ServiceWorkerGlobalScope;

const CACHE = 'sign-in';
/** It lies as deep as the pages it stands in for: its files are named by relative addresses. */
const SHELL = '/s/kept';
/** A network that takes longer than this is none, with a line of people behind. */
const PATIENCE_MS = 6_000;

worker.addEventListener('install', () => void worker.skipWaiting());
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));

/** A page names the files it was made of; with those that the kept page names itself they are all that it needs. */
worker.addEventListener('message', (event: ExtendableMessageEvent) => {
  const files = event.data as unknown;
  if (Array.isArray(files)) event.waitUntil(keep(files.filter((file) => typeof file === 'string')));
});

async function keep(files: string[]): Promise<void> {
  const cache = await caches.open(CACHE);
  // Anonymous: the page kept on a family's phone names nobody.
  const shell = await fetch(SHELL, { credentials: 'omit' });
  if (!shell.ok) return;
  const named = (await shell.clone().text()).matchAll(/["(](?:\.\.)?(\/_app\/immutable\/[\w./-]+)/g);
  const wanted = new Set([...files, ...Array.from(named, ([, path]) => path!)]);
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
  const kept = await caches.match(SHELL);
  if (!kept) return fetch(request);
  // AbortSignal.timeout is younger than the oldest browsers that come here.
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    return await fetch(request, { signal: patience.signal });
  } catch {
    // Whatever went wrong on the way, the page that was kept takes the code.
    return kept;
  } finally {
    clearTimeout(timer);
  }
}

async function fromCache(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}
