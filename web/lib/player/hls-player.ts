import type { HlsOptions, HlsPlayer } from './hls-contract.ts';

/** iPhones have no Media Source of the plain kind; their system plays HLS, with less of the battery. */
export function isLeftToSystem(video: HTMLVideoElement): boolean {
  return typeof MediaSource === 'undefined' && video.canPlayType('application/vnd.apple.mpegurl') !== '';
}

/** Plays by the system's own player on iPhones, else by Media Source; throws where there is neither. */
export async function openHlsPlayer(video: HTMLVideoElement, options: HlsOptions): Promise<HlsPlayer> {
  if (isLeftToSystem(video)) {
    const { openNativeHls } = await import('./native-hls-player.ts');
    return openNativeHls(video, options);
  }
  const [{ default: HlsJs }, { openHlsJs }] = await Promise.all([
    import('hls.js/light'),
    import('./hls-js-player.ts'),
  ]);
  if (!HlsJs.isSupported()) throw new Error('This browser plays no HLS');
  return openHlsJs(HlsJs, video, options);
}
