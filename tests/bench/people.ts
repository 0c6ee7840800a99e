import type { ServedHub } from '../support/serve-hub.ts';
import { setupPathOf } from '../support/setup-path.ts';

export const PASSWORD = 'coffee and rice';
const HOME = '533103';
const AT_ONCE = 8;

/** Someone with a session at a served hub. */
export interface Visitor {
  username: string;
  cookie: string;
}

/** Asks a served hub, and throws when it refuses. */
export async function ask<T>(
  origin: string,
  method: 'GET' | 'POST',
  path: string,
  options: { cookie?: string; address?: string; body?: unknown } = {},
): Promise<{ body: T; cookie: string }> {
  const response = await fetch(origin + path, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(options.cookie ? { cookie: options.cookie } : {}),
      ...(options.address ? { 'x-forwarded-for': options.address } : {}),
    },
    body: options.body === undefined ? undefined : JSON.stringify(options.body),
  });
  if (!response.ok) throw new Error(`${method} ${path} → ${response.status}: ${await response.text()}`);
  const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
  return { body: (await response.json()) as T, cookie };
}

/** An address of a private network, another for every number: a county has many households. */
export function addressOf(number: number): string {
  return `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
}

/** The first administrator, made with the link that the console printed. */
export async function setUpAdministrator(hub: ServedHub): Promise<Visitor> {
  const token = (await setupPathOf(hub)).split('/').at(-1);
  const body = { token, username: 'bench-admin', password: PASSWORD, name: '段管理', homeRegionCode: HOME };
  const { cookie } = await ask(hub.origin, 'POST', '/api/setup', { body });
  return { username: body.username, cookie };
}

/** Trainees who register themselves, each from an own address. */
export async function registerTrainees(origin: string, count: number): Promise<Visitor[]> {
  const { body: notice } = await ask<{ noticeVersion: string }>(origin, 'GET', '/api/auth/notice');
  const trainees: Visitor[] = [];
  let next = 0;
  async function register(): Promise<void> {
    for (let number = next++; number < count; number = next++) {
      const username = `bench-${number}`;
      const person = { name: '罕小果', username, password: PASSWORD, homeRegionCode: HOME };
      const body = { ...person, noticeVersion: notice.noticeVersion };
      const { cookie } = await ask(origin, 'POST', '/api/auth/register', {
        address: addressOf(number),
        body,
      });
      trainees.push({ username, cookie });
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, register));
  return trainees;
}
