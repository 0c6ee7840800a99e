/** A path of this site out of something a form or address said; anything that leads elsewhere becomes the home page. */
export function pathWithin(origin: string, said: unknown): string {
  if (typeof said !== 'string' || !said.startsWith('/') || !URL.canParse(said, origin)) return '/';
  const url = new URL(said, origin);
  return url.origin === origin ? url.pathname + url.search + url.hash : '/';
}
