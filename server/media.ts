import type { MediaLog, MediaPlane } from '../media/contract.ts';
import { openMediaPlane } from '../media/plane.ts';
import type { Config } from './platform/config.ts';
import type { Logger } from './platform/log.ts';

/** Opens the media plane as configured. Throws `MediaError`, whose message says what is missing and what to do. */
export function openMedia(config: Config, log: Logger): Promise<MediaPlane> {
  const tell: MediaLog = (level, message, fields) => log[level]({ ...fields, part: 'media' }, message);
  return openMediaPlane({
    ...config.media,
    // An announced address means that media comes from elsewhere, whatever stands in front of the web.
    listenHost:
      config.media.announcedAddress === undefined ? config.host.replace('localhost', '127.0.0.1') : '0.0.0.0',
    log: tell,
  });
}
