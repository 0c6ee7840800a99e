import type { HttpBindings } from '@hono/node-server';
import type { Caller } from '../access/actor.ts';

/** What every request carries through the app. */
export interface HubEnv {
  Bindings: Partial<HttpBindings> & {
    /** Set by the web's own server-side calls, which reach the app in process: the address of the person behind them. */
    forwardedFor?: string;
  };
  Variables: {
    caller: Caller;
    /** True when the caller was known by cookie: such writes must come from our own pages. */
    byCookie: boolean;
    /** The network address of the person asking; `unknown` never occurs behind a real socket. */
    clientAddress: string;
    requestId: string;
    locale: Locale;
  };
}

export const LOCALES = ['zh-CN', 'en'] as const;
export type Locale = (typeof LOCALES)[number];
export const LOCALE_COOKIE = 'xiangbo_locale';
