import type { ClipHandle, MediaLog } from '../contract.ts';
import { clipArguments } from '../process/ffmpeg-arguments.ts';
import type { Room } from '../sfu/room.ts';
import { PlainFeed } from './plain-feed.ts';
import { prepareClip } from './prepare-clip.ts';

export interface PlayingClip extends ClipHandle {
  /** The room it played into is gone and another has taken its place. */
  roomReplaced(): void;
}

export interface PlayClipOptions {
  ffmpegPath: string;
  storageDir: string;
  file: string;
  peerId: string;
  log: MediaLog;
  /** The broadcast's present room; may throw while there is none. */
  room: () => Room;
  onClosed: () => void;
}

/** Loops a clip into the broadcast until it is closed; its ffmpeg is started again whenever it ends. */
export async function playClip(options: PlayClipOptions): Promise<PlayingClip> {
  const { ffmpegPath, peerId, log, room, onClosed } = options;
  const file = await prepareClip(options);
  const feed = new PlainFeed({
    ...{ ffmpegPath, peerId, log, room, onClosed },
    what: 'a clip',
    media: ['video', 'audio'],
    args: ({ video, audio }) => clipArguments({ file, video: video!, audio: audio! }),
  });
  await feed.start();
  return feed;
}
