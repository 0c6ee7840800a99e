import { availableParallelism } from 'node:os';
import type { MediaLog, MediaOptions } from './contract.ts';

/** What may stay undefined. */
type Unset = 'announcedAddress' | 'busyCores' | 'rtmpPort' | 'rtmpHost';

/** The options with their defaults filled in. */
export type MediaSettings = Required<Omit<MediaOptions, Unset>> & Pick<MediaOptions, Unset>;

export function fillDefaults(options: MediaOptions): MediaSettings {
  return {
    ...options,
    workers: options.workers ?? availableParallelism(),
    viewersPerRouter: options.viewersPerRouter ?? 250,
    consumersPerWorker: options.consumersPerWorker ?? 500,
    segmentSeconds: options.segmentSeconds ?? 2,
    partSeconds: options.partSeconds ?? 0.31,
    encodingCores: options.encodingCores ?? Math.max(0.5, availableParallelism() - 0.5),
    renditions: options.renditions ?? [],
    graceSeconds: options.graceSeconds ?? 90,
    log: options.log ?? logToConsole,
  };
}

const logToConsole: MediaLog = (level, message, fields = {}) => {
  console[level](`media: ${message}`, fields);
};
