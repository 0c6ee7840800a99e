import { availableParallelism } from 'node:os';
import type { MediaLog, MediaOptions } from './contract.ts';

/** The options with their defaults filled in. */
export type MediaSettings = Required<Omit<MediaOptions, 'announcedAddress'>> & { announcedAddress?: string };

export function fillDefaults(options: MediaOptions): MediaSettings {
  return {
    workers: availableParallelism(),
    segmentSeconds: 2,
    partSeconds: 0.31,
    graceSeconds: 90,
    log: logToConsole,
    ...options,
  };
}

const logToConsole: MediaLog = (level, message, fields = {}) => {
  console[level](`media: ${message}`, fields);
};
