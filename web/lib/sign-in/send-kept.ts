import { attempt } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { UNREACHED, type Refusal } from '#lib/api/refusal.ts';
import type { Signed } from '#lib/api/shapes.ts';
import { dropCode, keptCodes, phoneId, type KeptCode } from './kept-codes.ts';

/** A code as it may be sent now or later. */
export type Code = Omit<KeptCode, 'id'> & { location?: { latitude: number; longitude: number } };

export type Sent = { ok: true; data: Signed } | { ok: false; refusal: Refusal };

/** Sends a code; what could not be reached says so as a refusal. `later`: the phone kept it. */
export async function sendCode(code: Code, later: boolean): Promise<Sent> {
  const { token, number, kind, name, phone, typedAt, location } = code;
  const json = {
    ...(token === undefined ? { number, kind, typedAt: later ? typedAt : undefined } : { token }),
    ...{ name, phone, location, deviceId: phoneId() },
  };
  try {
    return await attempt(apiOf({ fetch, url: window.location }).api['sign-in'].$post({ json }));
  } catch (error) {
    // A fetch fails with a TypeError where there is no network; anything else is a fault of ours.
    if (error instanceof TypeError) return { ok: false, refusal: UNREACHED };
    throw error;
  }
}

/** What comes right by itself or by logging in is not given up. */
function isFinal(refusal: Refusal): boolean {
  return refusal.code !== 'network.lost' && refusal.code !== 'rate.limited' && refusal.status < 500;
}

let sending: Promise<Sent[]> | undefined;

/** Sends what the phone has kept, the oldest first; stops where there is no network. One at a time over all pages of this tab. */
export function sendKept(): Promise<Sent[]> {
  sending ??= sendEach().finally(() => (sending = undefined));
  return sending;
}

async function sendEach(): Promise<Sent[]> {
  const done: Sent[] = [];
  for (const { id, ...code } of keptCodes()) {
    const sent = await sendCode(code, true);
    const needsName = !sent.ok && sent.refusal.code === 'input.invalid';
    if (!sent.ok && !isFinal(sent.refusal)) break;
    // Nobody is logged in: it waits until someone is, or says a name.
    if (needsName) continue;
    dropCode(id);
    done.push(sent);
  }
  return done;
}
