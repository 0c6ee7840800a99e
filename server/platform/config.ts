import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { EnvironmentError, type Environment } from './env.ts';

/** A STUN or TURN server, as browsers take it. */
export interface IceServer {
  urls: string[];
  username?: string;
  credential?: string;
}

/** What the hub has decided to do, derived once from the environment and the command line. Units are in the names. */
export interface Config {
  port: number;
  host: string;
  /** Absolute origin people use, without a trailing slash; undefined when each request's own host is right. */
  publicOrigin: string | undefined;
  trustProxy: boolean;
  tls: { cert: Buffer; key: Buffer } | undefined;
  dataDir: string;
  databaseUrl: string;
  databaseAuthToken: string | undefined;
  dataKey: string | undefined;
  demo: boolean;
  /** Serve the web from its sources, for those who work on it. */
  development: boolean;
  demoPassword: string;
  demoPasswordIsDefault: boolean;
  presencePingSeconds: number;
  broadcastGraceMinutes: number;
  /** How long recordings are kept after the end, by the broadcast's kind. */
  retentionDays: { class: number; sale: number };
  /** How long a phone without a network may keep a sign-in code before it sends it. */
  signInLateHours: number;
  logLevel: string;
  iceServers: IceServer[];
  /** Where encoders reach the hub, if not at the name its pages are asked for by. */
  rtmpHost: string | undefined;
  videos: {
    /** The largest video that is taken. */
    maxUploadBytes: number;
    /** What one account may have begun to upload and not finished. */
    unfinishedPerAccount: { uploads: number; bytes: number };
    /** What uploads must leave free on the disk, for recordings and the database. */
    reserveBytes: number;
  };
  media: {
    rtmpPort: number | undefined;
    rtcPort: number;
    announcedAddress: string | undefined;
    workers: number;
    viewersPerRouter: number;
    consumersPerWorker: number;
    encodingCores: number | undefined;
    /** Smaller pictures for HLS, the larger first. */
    renditions: `${number}p`[];
    workerBin: string;
    ffmpegPath: string;
    storageDir: string;
  };
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);
export const DEFAULT_DEMO_PASSWORD = 'xiangbo-demo';

/** Decides from a checked environment. Throws {@link EnvironmentError} when values contradict each other. */
export function decideConfig(env: Environment, options: { demo: boolean; development?: boolean }): Config {
  const dataDir = resolve(env.DATA_DIR);
  const demoPasswordIsDefault = env.DEMO_PASSWORD === DEFAULT_DEMO_PASSWORD;
  const beyondLoopback = !LOOPBACK.has(env.HOST) || env.TRUST_PROXY || env.PUBLIC_ORIGIN !== undefined;
  if (options.demo && demoPasswordIsDefault && beyondLoopback) {
    throw new EnvironmentError(
      'DEMO_PASSWORD: the sample with its default password is served on loopback only, and not through a proxy (HOST, PUBLIC_ORIGIN, TRUST_PROXY)',
    );
  }
  return {
    port: env.PORT,
    host: env.HOST,
    publicOrigin: env.PUBLIC_ORIGIN?.replace(/\/$/, ''),
    trustProxy: env.TRUST_PROXY,
    tls: readTls(env),
    dataDir,
    databaseUrl: env.DATABASE_URL ?? `file:${join(dataDir, 'hub.db')}`,
    databaseAuthToken: env.DATABASE_AUTH_TOKEN,
    dataKey: env.DATA_KEY,
    demo: options.demo,
    development: options.development ?? false,
    demoPassword: env.DEMO_PASSWORD,
    demoPasswordIsDefault,
    presencePingSeconds: env.PRESENCE_PING_SECONDS,
    broadcastGraceMinutes: env.BROADCAST_GRACE_MINUTES,
    retentionDays: { class: env.RETENTION_CLASS_DAYS, sale: env.RETENTION_SALE_DAYS },
    signInLateHours: env.SIGN_IN_LATE_HOURS,
    logLevel: env.LOG_LEVEL,
    iceServers: env.ICE_SERVERS,
    rtmpHost: env.ANNOUNCED_ADDRESS ?? (env.PUBLIC_ORIGIN && new URL(env.PUBLIC_ORIGIN).hostname),
    videos: {
      maxUploadBytes: env.VIDEO_MAX_MB * 1_000_000,
      unfinishedPerAccount: {
        uploads: env.VIDEO_UPLOADS_PER_ACCOUNT,
        bytes: 2 * env.VIDEO_MAX_MB * 1_000_000,
      },
      reserveBytes: env.DISK_RESERVE_MB * 1_000_000,
    },
    media: {
      rtcPort: env.RTC_PORT,
      rtmpPort: env.RTMP_PORT,
      announcedAddress: env.ANNOUNCED_ADDRESS,
      workers: env.MEDIA_WORKERS ?? availableParallelism(),
      viewersPerRouter: env.VIEWERS_PER_ROUTER,
      consumersPerWorker: env.CONSUMERS_PER_WORKER,
      encodingCores: env.ENCODING_CORES,
      renditions: env.HLS_RENDITIONS,
      workerBin:
        env.MEDIASOUP_WORKER_BIN ?? cachedWorkerBinary(env.XDG_CACHE_HOME ?? join(homedir(), '.cache')),
      ffmpegPath: env.FFMPEG_PATH,
      storageDir: join(dataDir, 'media'),
    },
  };
}

function readTls(env: Environment): Config['tls'] {
  if (!env.TLS_CERT && !env.TLS_KEY) return undefined;
  if (!env.TLS_CERT || !env.TLS_KEY) throw new EnvironmentError('TLS_CERT and TLS_KEY: set both or neither');
  for (const [name, file] of [
    ['TLS_CERT', env.TLS_CERT],
    ['TLS_KEY', env.TLS_KEY],
  ] as const) {
    if (!existsSync(file)) throw new EnvironmentError(`${name}: there is no file ${file}`);
  }
  return { cert: readFileSync(env.TLS_CERT), key: readFileSync(env.TLS_KEY) };
}

/** Where `bootstrap/` leaves the worker: outside node_modules, so that a second checkout does not build it again. */
function cachedWorkerBinary(cache: string): string {
  const manifest = new URL('../../node_modules/mediasoup/package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return join(
    cache,
    'xiangbo',
    'mediasoup-worker',
    `${version}-${process.platform}-${process.arch}`,
    'mediasoup-worker',
  );
}
