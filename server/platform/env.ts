import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const flag = z.enum(['0', '1', 'true', 'false']).transform((value) => value === '1' || value === 'true');

const iceUrl = z
  .string()
  .regex(/^(stuns?|turns?):[\w.:[\]-]+(\?transport=(udp|tcp))?$/, 'not a stun: or turn: address');
const iceServer = z
  .object({
    urls: z.union([iceUrl.transform((url) => [url]), z.array(iceUrl).min(1)]),
    username: z.string().min(1).optional(),
    credential: z.string().min(1).optional(),
  })
  .refine(
    ({ urls, username, credential }) =>
      urls.every((url) => url.startsWith('stun')) || (username !== undefined && credential !== undefined),
    'a turn: server needs a username and a credential',
  );
/** Addresses with commas between them, or what browsers take as `iceServers`, in JSON. */
const iceServers = z
  .string()
  .transform((text, context) => {
    if (!text.trimStart().startsWith('[')) return text.split(',').map((url) => ({ urls: url.trim() }));
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'not valid JSON' });
      return z.NEVER;
    }
  })
  .pipe(z.array(iceServer));

/**
 * Everything the hub reads from its environment, with the defaults a county runs on.
 * Names are part of the outside contract (docs/operations.md lists them).
 */
const environment = z.object({
  PORT: port.default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  /** The address people open, when a proxy stands in front (`https://hub.example.cn`). */
  PUBLIC_ORIGIN: z.url({ protocol: /^https?$/ }).optional(),
  /** `1` when a proxy that sets X-Forwarded-For and X-Forwarded-Proto is the only way in. */
  TRUST_PROXY: flag.default(false),
  TLS_CERT: z.string().optional(),
  TLS_KEY: z.string().optional(),
  DATA_DIR: z.string().min(1).default('./data'),
  DATABASE_URL: z.string().optional(),
  DATABASE_AUTH_TOKEN: z.string().optional(),
  /** 32 bytes in base64: encrypts names, phones and ID numbers. Without it a key file is made in DATA_DIR. */
  DATA_KEY: z.string().optional(),
  RTC_PORT: port.default(44_400),
  /** `off`: encoders are not received by RTMP. */
  RTMP_PORT: z.union([z.literal('off').transform(() => undefined), port]).default(1935),
  ANNOUNCED_ADDRESS: z.string().optional(),
  /** STUN and TURN servers that clients are told of: `stun:a.example, stun:b.example`, or JSON with logins for TURN. */
  ICE_SERVERS: iceServers.default([]),
  MEDIA_WORKERS: z.coerce.number().int().min(1).max(64).optional(),
  /** Cores that encoders (layouts, other codecs, lower renditions, uploads) may take together; 0: never encode. */
  ENCODING_CORES: z.coerce.number().min(0).max(1024).optional(),
  /** Smaller pictures that are made of each broadcast for HLS, by their lines: `480p,240p`. */
  HLS_RENDITIONS: z
    .string()
    .transform((text) => text.split(',').map((one) => one.trim()))
    .pipe(
      z.array(
        z.string().regex(/^(?:[1-9]\d{2}|1080)p$/, 'not like 480p (lines of the picture, 100 to 1080)'),
      ),
    )
    .transform((names) => [...new Set(names)].sort((a, b) => Number.parseInt(b, 10) - Number.parseInt(a, 10)))
    .pipe(z.array(z.custom<`${number}p`>()).max(3, 'three at most'))
    .default([]),
  /** Viewers by WebRTC that one router of a broadcast carries before the next worker is used. */
  VIEWERS_PER_ROUTER: z.coerce.number().int().min(1).max(10_000).default(250),
  /** Pictures and sounds that one media worker (a core) sends out before viewers are given HLS instead. */
  CONSUMERS_PER_WORKER: z.coerce.number().int().min(2).max(100_000).default(500),
  MEDIASOUP_WORKER_BIN: z.string().optional(),
  XDG_CACHE_HOME: z.string().optional(),
  FFMPEG_PATH: z.string().default('ffmpeg'),
  DEMO_PASSWORD: z.string().min(8).default('xiangbo-demo'),
  PRESENCE_PING_SECONDS: z.coerce.number().int().min(1).max(60).default(20),
  /** How long a broadcast whose publisher is gone may be taken up again before it ends. */
  BROADCAST_GRACE_MINUTES: z.coerce.number().min(0.01).max(1440).default(10),
  /** Recordings are removed so long after the end of their broadcast; the law asks for 60 days, 3 years for a sale. */
  RETENTION_CLASS_DAYS: z.coerce.number().int().min(60).max(36_600).default(1096),
  RETENTION_SALE_DAYS: z.coerce.number().int().min(1096).max(36_600).default(1096),
  /** A sign-in code that a phone kept while it had no network is taken for so long after it was shown. */
  SIGN_IN_LATE_HOURS: z.coerce.number().min(0).max(168).default(24),
  /** The largest video lesson that may be uploaded. */
  VIDEO_MAX_MB: z.coerce.number().int().min(1).max(1_000_000).default(8_000),
  /** Uploads that one account may have begun and not finished; their bytes may come to twice the largest video. */
  VIDEO_UPLOADS_PER_ACCOUNT: z.coerce.number().int().min(1).max(1000).default(5),
  /** Uploads are refused when less than this would be left free on the disk. */
  DISK_RESERVE_MB: z.coerce.number().int().min(0).max(10_000_000).default(2_000),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
});

export type Environment = z.infer<typeof environment>;

/** Thrown when a variable is wrong; the boot prints it and stops. */
export class EnvironmentError extends Error {}

/** Reads and checks the environment. Throws {@link EnvironmentError} naming each wrong variable and why. */
export function readEnvironment(source: NodeJS.ProcessEnv = process.env): Environment {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(present);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new EnvironmentError(`The environment is wrong.\n  ${lines.join('\n  ')}`);
}

/** Tells adapter-node, which reads the environment itself, which headers carry the scheme and the person's address. */
export function tellWebAdapter(headers: { protocolHeader: string; addressHeader: string }): void {
  process.env.PROTOCOL_HEADER = headers.protocolHeader;
  process.env.ADDRESS_HEADER = headers.addressHeader;
}
