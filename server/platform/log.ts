import { pino, type Logger } from 'pino';

export type { Logger };

/** JSON lines on standard output; secrets and personal fields never reach them. */
export function openLog(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ['password', '*.password', 'token', '*.token', 'headers.cookie', 'headers.authorization'],
  });
}
