import { randomId } from '#lib/live/device-id.ts';

const CODES = 'xiangbo_kept_codes';
const PHONE = 'xiangbo_phone';
/** More than a family signs on one phone before it has a network again. */
const MOST_KEPT = 50;

/** What a phone without a network keeps until it can send it. `typedAt` is by the phone's clock. */
export interface KeptCode {
  id: string;
  kind: 'in' | 'out';
  typedAt: string;
  token?: string;
  number?: string;
  name?: string;
  phone?: string;
}

/** A random number of this phone, made once: several people who sign with it share a phone. Undefined where nothing can be kept. */
export function phoneId(): string | undefined {
  return within((storage) => {
    const kept = storage.getItem(PHONE) ?? randomId();
    storage.setItem(PHONE, kept);
    return kept;
  });
}

export function keptCodes(): KeptCode[] {
  return within((storage) => JSON.parse(storage.getItem(CODES) ?? '[]') as KeptCode[]) ?? [];
}

/** Keeps a code; false where the browser keeps nothing. */
export function keepCode(code: Omit<KeptCode, 'id'>): boolean {
  const kept = [...keptCodes(), { ...code, id: randomId() }].slice(-MOST_KEPT);
  return within((storage) => (storage.setItem(CODES, JSON.stringify(kept)), true)) ?? false;
}

export function dropCode(id: string): void {
  const left = keptCodes().filter((code) => code.id !== id);
  within((storage) => storage.setItem(CODES, JSON.stringify(left)));
}

/** Private windows may refuse storage. */
function within<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(localStorage);
  } catch (error) {
    console.info('This browser keeps nothing between pages', error);
    return undefined;
  }
}
