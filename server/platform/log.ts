import { pino, type Logger } from 'pino';
import { faultFields } from './fault.ts';

export type { Logger };

/** JSON lines on standard output; secrets and personal fields never reach them. */
export function openLog(level: string): Logger {
  return pino({
    level,
    base: null,
    serializers: { err: faultFields },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ['password', '*.password', 'token', '*.token', 'headers.cookie', 'headers.authorization'],
  });
}
