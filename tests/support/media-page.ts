import type { Page } from 'playwright-core';

export interface Playing {
  frames: number;
  currentTime: number;
  duration: number;
  width: number;
  height: number;
  behindMs: number | null;
  errors: string[];
}
export interface PublishOptions {
  video?: { width: number; height: number };
  audio?: boolean;
  simulcast?: boolean;
  /** The picture as VP8, whatever else is possible. */
  vp8?: boolean;
}
/** The functions of media-client.ts, as tests call them. */
export interface MediaTest {
  publish(peerId: string, wanted: PublishOptions): Promise<Record<string, string>>;
  changeSize(producerId: string, width: number, height: number): Promise<void>;
  sentFrames(producerId: string): Promise<number>;
  watch(peerId: string): Promise<Record<string, string>>;
  restartIce(peerId: string): Promise<void>;
  playHls(options?: { target?: number }): void;
  seekHls(seconds: number): void;
  playing(id: 'watch' | 'hls'): Playing;
}

/** Calls a function of media-client.ts in the page. */
export function ask<K extends keyof MediaTest>(page: Page, name: K, ...given: Parameters<MediaTest[K]>) {
  return page.evaluate(
    ([method, list]) => {
      const all = (window as unknown as { mediaTest: Record<string, (...list: unknown[]) => unknown> })
        .mediaTest;
      return all[method as string]!(...(list as unknown[]));
    },
    [name, given] as const,
  ) as Promise<Awaited<ReturnType<MediaTest[K]>>>;
}
