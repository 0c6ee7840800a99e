import { spawn, type ChildProcess } from 'node:child_process';

export interface EncoderSettings {
  /** Of the picture; others than H.264 are for being refused. */
  codec?: 'libx264' | 'flv1';
  /** How x264 keeps colours; others than the first are for being refused. */
  colours?: 'yuv420p' | 'yuv422p' | 'yuv444p' | 'yuv420p10le';
  bFrames?: number;
  keyframeSeconds?: number;
  /** False: it sends no sound. */
  sound?: boolean;
  /** False: it sends no picture. */
  picture?: boolean;
  size?: string;
  kbps?: number;
}

/** A real ffmpeg that pushes a test picture and a tone by RTMP, as OBS does. */
export interface TestEncoder {
  readonly process: ChildProcess;
  /** What it said, once it has ended. */
  readonly ended: Promise<string>;
  kill(): Promise<void>;
}

export function pushTo(url: string, settings: EncoderSettings = {}): TestEncoder {
  const {
    codec = 'libx264',
    colours = 'yuv420p',
    bFrames = 0,
    keyframeSeconds = 2,
    sound = true,
    picture = true,
  } = settings;
  const rate = 25;
  const keyframes = String(Math.round(keyframeSeconds * rate));
  const x264 = [
    ...['-preset', 'ultrafast', '-pix_fmt', colours, '-bf', `${bFrames}`, '-sc_threshold', '0'],
    ...(bFrames === 0 ? ['-tune', 'zerolatency'] : []),
    ...(colours === 'yuv420p' ? ['-profile:v', bFrames === 0 ? 'baseline' : 'main'] : []),
  ];
  const video = [
    ...['-c:v', codec, '-g', keyframes, '-b:v', `${settings.kbps ?? 600}k`],
    ...(codec === 'libx264' ? x264 : []),
  ];
  const args = [
    ...['-hide_banner', '-loglevel', 'error'],
    ...(picture
      ? ['-re', '-f', 'lavfi', '-i', `testsrc=size=${settings.size ?? '320x180'}:rate=${rate}`]
      : []),
    ...(sound ? ['-re', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100'] : []),
    ...(picture ? video : []),
    ...(sound ? ['-c:a', 'aac', '-ar', '44100'] : []),
    ...['-f', 'flv', url],
  ];
  const process = spawn('ffmpeg', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  process.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
  const ended = new Promise<string>((resolve) => process.once('close', () => resolve(words)));
  return {
    process,
    ended,
    async kill() {
      process.kill('SIGKILL');
      await ended;
    },
  };
}
