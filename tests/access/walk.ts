import { decide } from '../../server/platform/access/decide.ts';
import { DOORS } from '../../server/platform/access/doors.ts';
import { ACCESS } from '../../server/platform/access/table.ts';
import type { ErrorBody } from '../../server/platform/http/respond.ts';
import type { AskerKind, Credentials } from './callers.ts';
import type { Example, ExampleRequest } from './example.ts';
import type { World } from './world.ts';

/** Refusals that are about who asks. Anything else (a conflict, a missing thing) comes after the door has opened. */
export const ABOUT_WHO = ['auth.required', 'auth.expired', 'access.denied', 'access.origin'];

export interface Knock {
  asker: string;
  expected: string;
  /** `allowed`, the code of the refusal, or `failed: …` for a fault of ours. */
  observed: string;
  succeeded: boolean;
}

/** Knocks at a route as every asker and tells what the table says and what the hub did. */
export async function knockAtRoute(world: World, door: string, example: Example): Promise<Knock[]> {
  let shared: ExampleRequest | undefined;
  const knocks: Knock[] = [];
  for (const asker of world.askers) {
    const expected = expectedOf(world, door, example, asker);
    const alone = expected === 'allowed' && !door.startsWith('GET ');
    const make = async () => (await example.request?.(world, asker)) ?? {};
    const request = alone ? await make() : (shared ??= await make());
    const credentials = await standing(asker);
    const visit = () => knock(world, door, request, credentials);
    knocks.push({ asker: asker.name, expected, ...(await (asker.during?.(visit) ?? visit())) });
    // Others may speak for the same account: its every session and token is over.
    if (example.endsSessions && expected === 'allowed') kept.clear();
  }
  return knocks;
}

/** A session or token serves at door after door, until a door ends it. */
export async function standing(asker: AskerKind): Promise<Credentials> {
  const credentials = kept.get(asker) ?? (await asker.credentials());
  kept.set(asker, credentials);
  return credentials;
}
const kept = new Map<AskerKind, Credentials>();

async function knock(
  world: World,
  door: string,
  request: ExampleRequest,
  { cookie, token }: Credentials,
): Promise<{ observed: string; succeeded: boolean }> {
  const [method = '', path = ''] = door.split(' ');
  const filled = path.replace(/:(\w+)(\{[^}]*\})?/g, (_, name: string) => {
    const value = request.params?.[name];
    if (value === undefined) throw new Error(`The example of ${door} says nothing for :${name}`);
    return encodeURIComponent(value);
  });
  const { body, headers } = request;
  const at = `${filled}${request.query ? `?${request.query}` : ''}`;
  // An address of its own for each knock: budgets of tries are another test's business.
  const n = world.next();
  const address = `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
  const response = await world.t.ask(method, at, { body, headers, cookie, token, address });
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  const text = isJson ? await response.text() : '';
  if (!isJson) await response.body?.cancel();
  const code = response.ok ? undefined : codeIn(text);
  return { observed: observedOf(response.status, code), succeeded: response.status < 400 };
}

export function expectedOf(world: World, door: string, example: Example, asker: AskerKind): string {
  if (asker.deadToken) return 'auth.expired';
  const action = DOORS[door];
  if (!action) throw new Error(`${door} has no rule in the access table`);
  return decide(ACCESS[action], asker.actor, example.about?.(world, asker) ?? {});
}

/** A wrong password answers 401 behind an open door: only the codes tell a refusal of the asker from one of the input. */
function observedOf(status: number, code: string | undefined): string {
  if (code !== undefined && ABOUT_WHO.includes(code)) return code;
  if (status >= 500 && status !== 503) return `failed: ${status} ${code ?? ''}`;
  return (status === 401 || status === 403) && code === undefined ? `refused: ${status}` : 'allowed';
}

function codeIn(text: string): string | undefined {
  try {
    return (JSON.parse(text) as Partial<ErrorBody>).error?.code;
  } catch {
    // Not JSON: an answer of another kind, whose status is all there is to say.
    return undefined;
  }
}
