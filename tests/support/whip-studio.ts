import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { BroadcastView } from '../../server/broadcasts/messages.ts';
import { launchChromium } from './chromium.ts';
import { eventually, openLiveHub, type LiveHub } from './live-hub.ts';
import { signInAs, type Someone } from './sign-in-as.ts';
import { publishWhip, type WhipOptions } from './whip-client.ts';

/**
 * For a file of tests: a hub with a host and a Chromium whose pages know WHIP and WHEP only. Pages are closed after each
 * test, and nothing of theirs may be left in the hub then.
 */
export function useWhipStudio(env: Record<string, string> = {}) {
  let live: LiveHub;
  let browser: Browser;
  let host: Someone;
  let token: string;
  let pages: Page[] = [];

  beforeAll(async () => {
    live = await openLiveHub(env);
    browser = await launchChromium();
    host = await signInAs(live.hub, { roles: [['host', '533103']] });
    token = await tokenOf(host);
  }, 60_000);
  afterEach(async () => {
    await Promise.all(pages.map((page) => page.close()));
    pages = [];
    await eventually(
      () => live.hub.plane.counters(),
      ({ openTransports, openProducers, openConsumers }) =>
        openTransports + openProducers + openConsumers === 0,
    );
  });
  afterAll(async () => {
    await browser.close();
    await live.close();
  });

  async function tokenOf(someone: Someone, scope = 'publish'): Promise<string> {
    const answer = await live.ask('POST', '/api/auth/tokens', someone, { scope });
    return ((await answer.json()) as { token: string }).token;
  }

  async function read(id: string): Promise<BroadcastView> {
    return (await (await live.ask('GET', `/api/broadcasts/${id}`, host)).json()) as BroadcastView;
  }

  async function blankPage(): Promise<Page> {
    const page = await browser.newPage();
    pages.push(page);
    // Any page of the origin: getUserMedia wants one.
    await page.goto(`${live.origin}/healthz`);
    return page;
  }

  return {
    get live() {
      return live;
    },
    get host() {
      return host;
    },
    /** The host's, for publishing. */
    get token() {
      return token;
    },
    ...{ tokenOf, read, blankPage },

    async plan(more: object = {}): Promise<string> {
      const body = { title: '咖啡上新', kind: 'sale', ...more };
      const answer = await live.ask('POST', '/api/broadcasts', host, body);
      return ((await answer.json()) as { id: string }).id;
    },

    becomes: (id: string, state: BroadcastView['state']) =>
      eventually(
        async () => (await read(id)).state,
        (now) => now === state,
      ),

    /** From a page of its own, whatever it is answered. */
    async publish(id: string, options: Partial<WhipOptions> = {}) {
      const page = await blankPage();
      const endpoint = `${live.origin}/whip/${id}`;
      return { page, ...(await publishWhip(page, { endpoint, token, ...options })) };
    },

    end: (id: string) => live.ask('POST', `/api/broadcasts/${id}/end`, host),
  };
}
