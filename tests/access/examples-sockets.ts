import type { Circumstances } from '../../server/platform/access/decide.ts';
import { aboutBroadcast } from './examples-broadcasts.ts';
import type { AskerKind } from './callers.ts';
import type { World } from './world.ts';

/** What a socket says at a door. Every asker has tried to join the world's broadcast first. */
export interface SocketExample {
  about(world: World, asker: AskerKind): Circumstances;
  say(world: World): unknown;
}

const inRoom = (say: (world: World) => unknown): SocketExample => ({ about: aboutBroadcast, say });
const fingerprint = { algorithm: 'sha-256', value: Array<string>(32).fill('AB').join(':') };
const codecs = [{ mimeType: 'audio/opus', clockRate: 48_000 }];

/** One example for each socket message, in the order of a visit. */
export const SOCKET_EXAMPLES: Readonly<Record<string, SocketExample>> = {
  'broadcast:join': inRoom(({ broadcastId }) => ({ broadcastId, deviceId: 'device-of-a-test' })),
  'media:transport': inRoom(() => ({ direction: 'recv' })),
  'media:connect': inRoom(() => ({ transportId: 'none', dtlsParameters: { fingerprints: [fingerprint] } })),
  'media:restart-ice': inRoom(() => ({ transportId: 'none' })),
  'media:produce': inRoom(() => ({
    transportId: 'none',
    kind: 'audio',
    source: 'microphone',
    rtpParameters: { codecs },
  })),
  'media:pause-producer': inRoom(() => ({ producerId: 'none' })),
  'media:resume-producer': inRoom(() => ({ producerId: 'none' })),
  'media:close-producer': inRoom(() => ({ producerId: 'none' })),
  'media:consume': inRoom(() => ({ transportId: 'none', producerId: 'none', rtpCapabilities: { codecs } })),
  'media:receive': inRoom(() => ({ rtpCapabilities: { codecs } })),
  'media:resume-consumer': inRoom(() => ({ consumerId: 'none' })),
  'media:pause-consumer': inRoom(() => ({ consumerId: 'none' })),
  'media:set-layers': inRoom(() => ({ consumerId: 'none', spatialLayer: 0 })),
  'media:close-consumer': inRoom(() => ({ consumerId: 'none' })),
  'chat:send': inRoom((world) => ({ clientId: `said-${world.next()}-once`, body: '大家好' })),
  'chat:since': inRoom(() => ({ seq: 0 })),
  'presence:ping': inRoom(() => ({ playing: true })),
  'stage:raise-hand': inRoom(() => ({})),
  'stage:lower-hand': inRoom(() => ({})),
  'stage:give-floor': inRoom(() => ({ accountId: 'nobody' })),
  'stage:take-floor': inRoom(() => ({ accountId: 'nobody' })),
  'stage:set-layout': inRoom(() => ({ layout: 'one' })),
  'stage:leave': inRoom(() => ({})),
};
