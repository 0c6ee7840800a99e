/**
 * The media plane of live broadcasts, as the server sees it. It knows no users and no tables: it takes options and
 * peer ids, and emits typed events. Signalling payloads are plain mediasoup-client shapes. Errors are `MediaError`.
 */
import type {
  DtlsParameters,
  IceCandidate,
  IceParameters,
  MediaKind,
  RouterRtpCapabilities,
  RtpCapabilities,
  RtpParameters,
} from 'mediasoup/types';
import type { HlsSource } from './hls/contract.ts';
import type { EncoderGate } from './ingest/rtmp/contract.ts';
import type { OfferSession } from './ingest/whip/contract.ts';
import type { InitRecord, LowerRendition, Recording, SegmentRecord } from './recording/contract.ts';
import type { Mp4Download } from './recording/download.ts';
import type { RecordingGap } from './recording/gaps.ts';
import type { Span } from './recording/span.ts';

export type { OfferSession } from './ingest/whip/contract.ts';
export type { HlsAnswer, HlsSource } from './hls/contract.ts';
export type { EncoderAdmission, EncoderFacts, EncoderGate, EncoderState } from './ingest/rtmp/contract.ts';
export type { InitRecord, LowerRendition, Recording, SegmentRecord } from './recording/contract.ts';
export type { Mp4Download } from './recording/download.ts';
export type { RecordingGap } from './recording/gaps.ts';
export type { Span } from './recording/span.ts';
export { MediaError } from './errors.ts';
export type { MediaErrorCode } from './errors.ts';

export interface MediaOptions {
  /** Absolute path of the mediasoup worker's binary. */
  workerBin: string;
  /** Path or name of ffmpeg; ffprobe is not needed. */
  ffmpegPath: string;
  /** Default: one per core. */
  workers?: number;
  /** Viewers that one router of a broadcast carries; more get a branch on a further worker. Default 250. */
  viewersPerRouter?: number;
  /** Consumers that one worker, a core, forwards to before it counts as full. Default 500. */
  consumersPerWorker?: number;
  /** Address the media port binds to, for example `0.0.0.0`. */
  listenHost: string;
  /** UDP and TCP port of the first worker; worker i takes rtcPort + i. 0: any free port, for tests. */
  rtcPort: number;
  /** Address told to browsers where it differs from `listenHost` (NAT, or listening on 0.0.0.0). */
  announcedAddress?: string;
  /** TCP port for encoders by RTMP. 0: any free port, for tests. Undefined: there is none. */
  rtmpPort?: number;
  /** Address that port binds to. Default: `listenHost`. */
  rtmpHost?: string;
  /** Directory under which recordings are written; records name files by keys relative to it. */
  storageDir: string;
  /** A segment ends at the first keyframe, which is asked for every so many seconds. Default 2. */
  segmentSeconds?: number;
  /** PART-TARGET of LL-HLS. Default 0.31: whole frames at 30, 25, 24, 20, 15 and 10 a second fill 85 to 100 % of it. */
  partSeconds?: number;
  /**
   * What encoders (composed layouts, other codecs, lower renditions) may take of the machine's cores together.
   * Default: all but half a core, and at least half of one. 0: nothing is ever encoded.
   */
  encodingCores?: number;
  /** Lower renditions to make of each broadcast, the larger first: of those that are smaller than its picture. Default: none. */
  renditions?: LowerRendition[];
  /** Cores that are busy just now, where something else than this machine's own counters knows. */
  busyCores?: () => number;
  /** After so long without media `graceExpired` is emitted; the server decides what it means. Default 90. */
  graceSeconds?: number;
  /** Receives everything unexpected that has no caller: failed listeners, writes, exits. Default: the console. */
  log?: MediaLog;
}

export type MediaLog = (
  level: 'info' | 'warn' | 'error',
  message: string,
  fields?: Record<string, unknown>,
) => void;

/** Made by `openMediaPlane(options)` in media/plane.ts. */
export interface MediaPlane {
  readiness(): MediaReadiness;
  counters(): MediaCounters;
  /** Opens a broadcast, or goes on with one whose rows are handed over. `broadcast-open` if it is open here. */
  openBroadcast(options: OpenBroadcast): Promise<BroadcastMedia>;
  broadcast(id: string): BroadcastMedia | undefined;
  /**
   * Reads what is stored of a broadcast but not among the known rows: segments whose row was lost and the one that
   * was being written at a crash, cut to its last whole part. Call it before `openBroadcast({ resume })` and insert
   * rows for what it returns. It must not be called while that broadcast is open.
   */
  recoverRecording(id: string, known: Recording): Promise<Recording>;
  /** The same for every broadcast: a viewer can prepare before there is one. */
  readonly routerRtpCapabilities: RouterRtpCapabilities;
  /** The port encoders push to, or null where there is none. */
  readonly rtmpPort: number | null;
  /** Says who decides about encoders; before, every one is refused. */
  admitEncoders(gate: EncoderGate): void;
  /** Ends the connection of an encoder admitted as that peer and tells it why. Unknown peers are fine. */
  disconnectEncoder(peerId: string, why: string): void;
  /** The latest picture of a broadcast, or the one that shows most of it, as JPEG; null where there is none. */
  readPicture(id: string, which: 'latest' | 'poster'): Promise<StoredPicture | null>;
  /** The same HLS address after the end: a VOD playlist of the very segments that were live, or of those in a span. */
  openReplay(recording: Recording, span?: Span): HlsSource;
  /** The recording as one MP4. Reads all of it once, to know where everything lies. `bad-parameters`: nothing is there. */
  openDownload(recording: Recording, span?: Span): Promise<Mp4Download>;
  findGaps(recording: Recording, span?: Span): RecordingGap[];
  /** Deletes all files of a broadcast that is not open. Idempotent. `broadcast-open` when it is. */
  removeRecording(id: string): Promise<void>;
  on<K extends keyof PlaneEvents>(event: K, listener: (payload: PlaneEvents[K]) => void): Unsubscribe;
  /** Finishes all recordings, ends every process. Idempotent: later calls await the first. */
  close(reason: string): Promise<void>;
}

export interface StoredPicture {
  bytes: Buffer;
  /** When it was taken, milliseconds since 1970. */
  takenAtMs: number;
}

export type Unsubscribe = () => void;

export interface MediaReadiness {
  ready: boolean;
  workersAlive: number;
  workersWanted: number;
  ffmpegVersion: string | null;
  /** What is missing, one English sentence each; empty when ready. */
  problems: string[];
}

/** Totals since the plane was opened, unless named `open…` (how many now). */
export interface MediaCounters {
  openBroadcasts: number;
  openTransports: number;
  openProducers: number;
  openConsumers: number;
  /** Routers of broadcasts on further workers, joined by pipes. */
  openBranches: number;
  openFfmpeg: number;
  workerDeaths: number;
  ffmpegDeaths: number;
  epochsStarted: number;
  partsWritten: number;
  segmentsClosed: number;
  recordedBytes: number;
  keyFrameRequests: number;
  /** Video frames that never reached the recording because a packet was lost for good. */
  droppedFrames: number;
}

export interface PlaneEvents {
  workerDied: { workerIndex: number; broadcastIds: string[] };
  workerReplaced: { workerIndex: number };
}

export interface OpenBroadcast {
  /** Also the folder's name in storage: letters, digits, `-` and `_` only. */
  id: string;
  /** Rows recorded so far (including what `recoverRecording` returned), in any order. */
  resume?: Recording;
}

/** `screen-sound` is the audio of a shared screen. */
export type Source = 'camera' | 'microphone' | 'screen' | 'screen-sound';
export type Direction = 'send' | 'recv';

/** What mediasoup-client's `device.createSendTransport` / `createRecvTransport` takes. */
export interface TransportParameters {
  id: string;
  iceParameters: IceParameters;
  iceCandidates: IceCandidate[];
  dtlsParameters: DtlsParameters;
}

export interface ProducerInfo {
  producerId: string;
  peerId: string;
  kind: MediaKind;
  source: Source;
  paused: boolean;
}

/** `one` shows the first picture alone. `picture-in-picture`: the others stand in a corner of the first. */
export type Layout = 'one' | 'side-by-side' | 'picture-in-picture';

export interface StagePicture {
  peerId: string;
  source: 'camera' | 'screen';
}

/**
 * Pictures in order, the first is the large one; at most four are shown. Those that are not published (yet) are left
 * out until they come. While none of them is there, as with an empty list, the newest picture is shown.
 */
export interface StageWish {
  layout: Layout;
  pictures: StagePicture[];
}

/** What HLS and the recording really show, and why that is less than wished. */
export interface StageShown {
  layout: Layout;
  pictures: StagePicture[];
  lacking: 'no-cpu' | 'not-published' | null;
}

/** What mediasoup-client's `transport.consume` takes. */
export interface ConsumerParameters {
  id: string;
  producerId: string;
  kind: MediaKind;
  rtpParameters: RtpParameters;
  producerPaused: boolean;
  /** Nothing is sent until `resumeConsumer`: RTP that comes before the page has the description is lost. */
  paused: boolean;
  /** How many sizes of the picture there are to choose from by `setPreferredLayers`; 1 where there is no choice. */
  spatialLayers: number;
  temporalLayers: number;
}

/**
 * `waiting`: nothing recorded yet. `live`: parts are being written. `interrupted`: it was live, and no media comes.
 * `ended`: `end` was called.
 */
export type BroadcastMediaState = 'waiting' | 'live' | 'interrupted' | 'ended';

export interface BroadcastMedia {
  readonly id: string;
  readonly state: BroadcastMediaState;
  /** For mediasoup-client's `device.load`. Replaced when a worker dies: see the event `workerDied`. */
  readonly routerRtpCapabilities: RouterRtpCapabilities;
  readonly hls: HlsSource;

  createTransport(request: { peerId: string; direction: Direction }): Promise<TransportParameters>;
  connectTransport(request: {
    peerId: string;
    transportId: string;
    dtlsParameters: DtlsParameters;
  }): Promise<void>;
  restartIce(request: { peerId: string; transportId: string }): Promise<IceParameters>;
  /** With all that is on it. Idempotent. */
  closeTransport(transportId: string): void;

  /** Who may publish is the server's decision. Without a stage the newest picture is recorded. */
  produce(request: {
    peerId: string;
    transportId: string;
    kind: MediaKind;
    rtpParameters: RtpParameters;
    source: Source;
  }): Promise<ProducerInfo>;
  /** Muting: viewers are told by `producerPaused`, the recording goes on with silence or a plain picture. */
  pauseProducer(request: { peerId: string; producerId: string }): Promise<void>;
  resumeProducer(request: { peerId: string; producerId: string }): Promise<void>;
  closeProducer(request: { peerId: string; producerId: string }): void;
  producers(): ProducerInfo[];

  /** The consumer starts paused. `pixelHeight`: how high the picture is on the screen, in its own pixels. */
  consume(request: {
    peerId: string;
    transportId: string;
    producerId: string;
    rtpCapabilities: RtpCapabilities;
    pixelHeight?: number;
  }): Promise<ConsumerParameters>;
  /**
   * All that others publish and the viewer can receive, at once. On a transport that is not connected yet they start
   * unpaused: the first packet follows the connection, and no further round trip is needed.
   */
  consumeAll(request: {
    peerId: string;
    transportId: string;
    rtpCapabilities: RtpCapabilities;
    pixelHeight?: number;
  }): Promise<ConsumerParameters[]>;
  resumeConsumer(request: { peerId: string; consumerId: string }): Promise<void>;
  pauseConsumer(request: { peerId: string; consumerId: string }): Promise<void>;
  /** For a consumer of one size only it changes nothing. */
  setPreferredLayers(request: {
    peerId: string;
    consumerId: string;
    spatialLayer: number;
    temporalLayer?: number;
  }): Promise<void>;
  closeConsumer(request: { peerId: string; consumerId: string }): void;

  /** Bytes that came from the peer so far, media, reports and signs of life: who vanished adds none. */
  bytesReceived(peerId: string): Promise<number>;
  /** Asked of the workers every two seconds at most; in between it is the last answer. */
  health(): Promise<BroadcastHealth>;
  /**
   * Publishes what a client offers by SDP, all at once (WHIP, RFC 9725). Throws `bad-sdp` or `unacceptable-sdp`. It
   * closes by itself when the client is silent for seconds or its line is lost, and with the peer or any producer of it.
   */
  publishOffer(request: { peerId: string; sdp: string; onClosed: () => void }): Promise<OfferSession>;
  /**
   * Sends what is on stage to a client that offers to receive (WHEP): one picture and one sound, the large one's, which
   * stay the same streams whoever sends them. It closes as above, and when the picture goes on in another codec only.
   * Throws as `publishOffer`, and `nothing-published`.
   */
  playOffer(request: { peerId: string; sdp: string; onClosed: () => void }): Promise<OfferSession>;

  /** Closes all the peer's transports, and so its producers and consumers; an encoder is sent away. Unknown peers are fine. */
  closePeer(peerId: string): void;
  /** Who is shown in HLS and in the recording, from now on. Every sound that is published and not muted is heard. */
  setStage(wish: StageWish): void;
  readonly stageShown: StageShown;
  /** Asks the publisher for a keyframe; one timer per broadcast already does so every `segmentSeconds`. */
  requestKeyFrame(): Promise<void>;
  /** Loops a local MP4 (H.264 without B-frames, AAC) into the broadcast as if `peerId` published it. */
  playClip(request: { peerId: string; file: string }): Promise<ClipHandle>;

  on<K extends keyof BroadcastEvents>(event: K, listener: (payload: BroadcastEvents[K]) => void): Unsubscribe;
  /** Ends for good: closes peers, finishes the recording, fixes the playlist with ENDLIST. Idempotent. */
  end(reason: string): Promise<Recording>;
  /** Lets go without ending (the hub stops): the recording is finished but can be resumed. Idempotent. */
  close(reason: string): Promise<void>;
}

export interface ClipHandle {
  readonly peerId: string;
  /** Ends its ffmpeg and closes the peer. Idempotent. */
  close(reason: string): Promise<void>;
}

export type InterruptReason =
  'silence' | 'transport-lost' | 'producer-closed' | 'worker-died' | 'ffmpeg-died';

/** How one publisher's picture or sound arrives at the hub. */
export interface StreamHealth {
  producerId: string;
  peerId: string;
  kind: MediaKind;
  source: Source;
  paused: boolean;
  /** All sizes of a picture together. */
  bitsPerSecond: number;
  /** Share of packets that did not arrive at first, 0 to 1, over the last second or so. */
  lossShare: number;
  /** Packets lost for good, since the beginning. */
  packetsLost: number;
  /** Null where the publisher tells nothing of it. */
  roundTripMs: number | null;
  /** Of a picture, seen by the recording; null before the second keyframe. */
  keyframeIntervalMs: number | null;
}

export interface BroadcastHealth {
  streams: StreamHealth[];
  /** Peers that receive by WebRTC. */
  receivingPeerIds: string[];
  /** How old the newest frame is that HLS lists; null while it is not live. */
  hlsBehindMs: number | null;
  /** Not made now because the machine has no CPU left for them. */
  refusedRenditions: LowerRendition[];
}

/** `at` is milliseconds since 1970 by the hub's clock. Listeners are called in order of the facts. */
export interface BroadcastEvents {
  producerAdded: ProducerInfo;
  producerPaused: { producerId: string; peerId: string; paused: boolean };
  producerClosed: { producerId: string; peerId: string };
  /** Tell that viewer to close its consumer; `producer-closed` or the transport went. */
  consumerClosed: { consumerId: string; producerId: string; peerId: string };
  /** ICE or DTLS of a peer is gone; the client should restart ICE or rejoin. */
  transportLost: { transportId: string; peerId: string; direction: Direction };
  /** The worker that carried this viewer is dead, the broadcast goes on: join again with new transports. */
  viewerLost: { peerId: string };
  /** The worker is dead: all transports are void. Load the new capabilities, make new transports, produce again. */
  workerDied: { routerRtpCapabilities: RouterRtpCapabilities };

  /** The first part of a broadcast that had none is on disk. Once in a broadcast's life. */
  live: { at: number };
  /** It was live and media stopped; the grace time runs. */
  interrupted: { at: number; reason: InterruptReason };
  /** The first part after an interruption is on disk. */
  resumed: { at: number };
  /** Interrupted for `graceSeconds`; the server may end the broadcast. */
  graceExpired: { at: number; interruptedAt: number };

  /** HLS and the recording begin to show something else, or `lacking` changed. */
  stageChanged: StageShown;
  /**
   * The machine has no room for an encoder: the layout is reduced to its first picture, another codec's picture
   * (`producerId`) is not recorded, a lower rendition is not made. It is tried again by itself. With `codec` and no
   * producer an RTMP encoder's B-frames are passed on for as long as it stays connected. `reason` is English.
   */
  encodingRefused: { producerId: string | null; what: 'layout' | 'codec' | 'rendition'; reason: string };

  /** A new init segment is on disk: store it as a row before the segments that name it. */
  initWritten: InitRecord;
  /** A part is written (not yet synced) and can be fetched. Frequent. */
  partDurable: { sequence: number; part: number; durationMs: number; independent: boolean };
  /** A new thumbnail is on disk; see `MediaPlane.readPicture`. */
  pictureTaken: { at: number };
  /** The segment is synced to disk and will not change: store it as a row. */
  segmentClosed: SegmentRecord;
  ended: { at: number; reason: string };
}
