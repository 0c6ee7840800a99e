/**
 * A class on the air in a process of its own, so that its CPU can be told: `class-process.ts hub|bare CLIP DIR`. Prints
 * `ready` and goes on until its input ends.
 */
import { serveBareMediasoup } from './bare/mediasoup.ts';
import { decideConfig } from '../../server/platform/config.ts';
import { readEnvironment } from '../../server/platform/env.ts';
import { serveLiveClass } from './live-class.ts';

const [who, clip, dir] = process.argv.slice(2) as [string, string, string];
const serving = who === 'hub' ? await serveLiveClass(clip) : await serveBare();
process.stdin.resume().once('end', () => void serving.close());
console.log('ready');

function serveBare() {
  const { workerBin } = decideConfig(readEnvironment({ DATA_DIR: dir }), { demo: false }).media;
  return serveBareMediasoup({ workerBin, clip, dir });
}
