import { DEFAULT_DEMO_PASSWORD } from '../platform/config.ts';
import type { Installation } from '../platform/installation.ts';
import type { MovableClock } from './movable-clock.ts';
import { fillSample, playSample, type SampleParts } from './service.ts';

/** Fills a new data directory with the sample, puts its class on the air, and says how to sign in. */
export async function startSample(
  hub: Omit<SampleParts, 'clock'> & { installation: Installation },
  options: { clock: MovableClock; password: string },
): Promise<{ words: string; close(reason: string): Promise<void> }> {
  if (hub.installation === 'new') {
    console.log('Making the sample prefecture');
    await fillSample(
      { ...hub, clock: options.clock },
      { password: options.password, tell: (line) => console.log(`  ${line}`) },
    );
  }
  const clip = await playSample(hub);
  return {
    words: `样例 · Sample: sign in as admin, prefecture, county, auditor, trainer, host, base, station or trainee, password ${options.password === DEFAULT_DEMO_PASSWORD ? DEFAULT_DEMO_PASSWORD : 'as set in DEMO_PASSWORD'}`,
    close: (reason) => clip.close(reason),
  };
}
