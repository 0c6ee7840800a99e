import type { BroadcastMedia, Unsubscribe } from '../../media/contract.ts';
import type { Announce } from '../realtime/connection.ts';
import type { RecordingLine } from './recording-index.ts';
import type { Happening } from './state-changes.ts';

/** One broadcast whose media is open in this process. What it tells must be rebuilt from rows by another one. */
export interface Stage {
  readonly id: string;
  readonly media: BroadcastMedia;
  readonly line: RecordingLine;
  /** Rises when a worker dies: transports of an earlier generation are void. */
  readonly generation: number;
  /** Stops listening. The media itself is ended or closed by whoever opened it. */
  detach(): void;
}

/** The group of sockets that hear what happens in a broadcast. */
export function groupOf(broadcastId: string): string {
  return `broadcast:${broadcastId}`;
}

/** Listens to a broadcast's media: rows to the recording's index, happenings to `onHappening`, the rest to the sockets. */
export function openStage(
  media: BroadcastMedia,
  line: RecordingLine,
  tools: {
    announce: Announce;
    onHappening: (happening: Happening) => void;
    /** Something else is published, or shown, than before. */
    onPictures: () => void;
    /** There is a new thumbnail, since then. */
    onPictureTaken: (atMs: number) => void;
    /** The group in which the one socket of a peer listens. */
    groupOfPeer: (peerId: string) => string | undefined;
  },
): Stage {
  const { announce, onHappening, onPictures } = tools;
  const everyone = groupOf(media.id);
  let generation = 1;
  const toPeer = (peerId: string, event: string, payload: unknown) => {
    const group = tools.groupOfPeer(peerId);
    if (group !== undefined) announce(group, event, payload);
  };
  const subscriptions: Unsubscribe[] = [
    media.on('initWritten', (init) => line.addInit(init)),
    media.on('segmentClosed', (segment) => line.addSegment(segment)),
    media.on('live', ({ at }) => onHappening({ what: 'media-began', atMs: at })),
    media.on('resumed', ({ at }) => onHappening({ what: 'media-began', atMs: at })),
    media.on('interrupted', ({ at }) => onHappening({ what: 'media-lost', atMs: at })),
    media.on('producerAdded', (producer) => {
      announce(everyone, 'media:producer-added', producer);
      onPictures();
    }),
    media.on('producerPaused', ({ producerId, paused }) =>
      announce(everyone, 'media:producer-paused', { producerId, paused }),
    ),
    media.on('producerClosed', ({ producerId }) => {
      announce(everyone, 'media:producer-closed', { producerId });
      onPictures();
    }),
    media.on('stageChanged', onPictures),
    media.on('pictureTaken', ({ at }) => tools.onPictureTaken(at)),
    media.on('consumerClosed', ({ peerId, consumerId, producerId }) =>
      toPeer(peerId, 'media:consumer-closed', { consumerId, producerId }),
    ),
    media.on('transportLost', ({ peerId, transportId, direction }) =>
      toPeer(peerId, 'media:transport-lost', { transportId, direction }),
    ),
    media.on('viewerLost', ({ peerId }) => toPeer(peerId, 'media:worker-died', null)),
    media.on('workerDied', () => {
      generation += 1;
      announce(everyone, 'media:worker-died', null);
    }),
  ];
  return {
    id: media.id,
    media,
    line,
    get generation() {
      return generation;
    },
    detach() {
      for (const unsubscribe of subscriptions.splice(0)) unsubscribe();
    },
  };
}
