import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { makeCameraClip } from '../camera-clip.ts';
import { byTurns, median, type Measure } from '../comparison.ts';
import { cpuSeconds } from '../process-cpu.ts';

const ROUNDS = 2;
/** By then the code that runs for each packet is compiled. */
const SETTLE_MS = 20_000;
const SECONDS = 20;
const CLASS_PROCESS = fileURLToPath(new URL('../class-process.ts', import.meta.url));
/** The encoder stands for a camera elsewhere. */
const PUBLISHER = /stream_loop/;

/** 720p at 25 a second and 1.5 Mbit/s, with a tone and a hiss. */
const PHONE = {
  picture: 'testsrc2=s=1280x720:r=25:d=10,noise=alls=12:allf=t',
  sound: 'aevalsrc=0.3*sin(2*PI*(200+60*t)*t)+0.05*(random(0)-0.5):d=10:s=48000',
  ...{ keyframeEvery: 50, bitrate: '1500k' },
};

/**
 * What HLS, the audio-only rendition, thumbnails and the recording of one 720p broadcast cost: the hub with a class on
 * the air, against a bare mediasoup that takes in the same RTP.
 */
export const measureRecordingCpu: Measure = async (tell) => {
  const dir = await mkdtemp(join(tmpdir(), 'xiangbo-cpu-'));
  try {
    const clip = join(dir, 'clip.mp4');
    makeCameraClip(clip, PHONE);
    const percentOf = (who: 'hub' | 'bare') => async () => {
      const server = spawn(process.execPath, [CLASS_PROCESS, who, clip, dir], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const ended = once(server, 'exit');
      await Promise.race([once(server.stdout, 'data'), ended]);
      if (server.exitCode !== null) throw new Error(`the ${who} ended with ${server.exitCode}`);
      await wait(SETTLE_MS);
      const [before, startedAt] = [cpuSeconds(server.pid!, PUBLISHER), performance.now()];
      await wait(SECONDS * 1000);
      const [after, seconds] = [cpuSeconds(server.pid!, PUBLISHER), (performance.now() - startedAt) / 1000];
      server.stdin.end();
      await ended;
      const shares = Object.keys(after).map(
        (program) => [program, ((after[program]! - (before[program] ?? 0)) * 100) / seconds] as const,
      );
      tell(`${who}: ${shares.map(([program, percent]) => `${program} ${percent.toFixed(1)} %`).join(', ')}`);
      return shares.reduce((sum, [, percent]) => sum + percent, 0);
    };
    const { hub, bare } = await byTurns(ROUNDS, { hub: percentOf('hub'), bare: percentOf('bare') });
    const beyond = median(hub) - median(bare);
    tell(`beyond the SFU: ${beyond.toFixed(1)} % of one core`);
    return [
      {
        ...{ what: 'A 720p broadcast received, served and recorded', unit: '% of a core', hub: median(hub) },
        bare: [{ what: 'bare mediasoup that receives it', value: median(bare) }],
      },
    ];
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
};
