const KEY = 'xiangbo_device';

/** A random id of this page, so that the hub knows it again after a drop. Two tabs are two. */
export function deviceId(): string {
  const kept = read();
  if (kept) return kept;
  const made = randomId();
  keep(made);
  return made;
}

/** A random id in letters and digits; `crypto.randomUUID` is missing in old browsers and on insecure pages. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function read(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch (error) {
    return refusedStorage(error);
  }
}

function keep(id: string): void {
  try {
    sessionStorage.setItem(KEY, id);
  } catch (error) {
    refusedStorage(error);
  }
}

/** Private windows may refuse storage: the id then lasts as long as the page. */
function refusedStorage(error: unknown): null {
  console.info('This browser keeps nothing between pages', error);
  return null;
}
