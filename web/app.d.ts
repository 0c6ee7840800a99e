import type { ErrorCode } from '#lib/api/refusal.ts';
import type { Locale } from '#lib/i18n/locale.ts';
import type { Session } from '#lib/api/session.ts';
import type { Theme } from '#lib/theme/theme.ts';

declare global {
  namespace App {
    interface Locals {
      locale: Locale;
      theme: Theme;
      /** Set-Cookie lines of the API that the page's answer passes on. */
      cookiesToSet: string[];
      /** Who is signed in, or null. */
      session: Session | null;
    }
    interface PageData {
      session: Session | null;
      theme: Theme;
    }
    interface Error {
      status: number;
      message: string;
      /** Why the API refused, where it was the API. */
      code?: ErrorCode;
      /** What to name when asking for help. */
      requestId?: string;
    }
  }
}

export {};
