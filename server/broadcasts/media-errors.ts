import { MediaError, type MediaErrorCode } from '../../media/contract.ts';
import { HubError, type ErrorCode } from '../platform/errors.ts';

const CODES: Record<MediaErrorCode, ErrorCode> = {
  'worker-missing': 'media.unavailable',
  'ffmpeg-missing': 'media.unavailable',
  'rtc-port-busy': 'media.unavailable',
  'rtmp-port-busy': 'media.unavailable',
  'storage-unwritable': 'media.unavailable',
  closed: 'media.unavailable',
  'broadcast-open': 'conflict',
  'worker-unavailable': 'media.unavailable',
  'worker-full': 'media.full',
  'unknown-transport': 'not-found',
  'unknown-producer': 'not-found',
  'unknown-consumer': 'not-found',
  'bad-parameters': 'input.invalid',
  'cannot-consume': 'media.unsupported',
  'bad-sdp': 'sdp.malformed',
  'unacceptable-sdp': 'sdp.unacceptable',
  'unknown-codecs': 'sdp.codecs',
  'nothing-published': 'broadcast.not-live',
  'unsupported-clip': 'media.unsupported',
  'ffmpeg-failed': 'media.unavailable',
  'bad-segment': 'server.failed',
};

/** The hub's own error for one of the media plane; anything else is handed back as it is. */
export function hubErrorOf(error: unknown): unknown {
  if (!(error instanceof MediaError)) return error;
  return new HubError(CODES[error.code], { message: error.message, cause: error });
}

/** Waits for the media plane and speaks of its refusals in the hub's codes. */
export async function throughMedia<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw hubErrorOf(error);
  }
}
