/** A process that plays a clip into a recorded broadcast until it is ended by a signal; says so once it is live. */
import { openMediaPlane } from '../../media/plane.ts';

const { CLIP = '', STORAGE = '', WORKER = '' } = process.env;
const plane = await openMediaPlane({
  workerBin: WORKER,
  ffmpegPath: 'ffmpeg',
  workers: 1,
  listenHost: '127.0.0.1',
  rtcPort: 0,
  storageDir: STORAGE,
});
const broadcast = await plane.openBroadcast({ id: 'doomed' });
broadcast.on('live', () => process.stdout.write('live\n'));
await broadcast.playClip({ peerId: 'clip', file: CLIP });
process.once('SIGTERM', () => void plane.close('SIGTERM').then(() => process.exit(0)));
