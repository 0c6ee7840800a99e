import type {
  DtlsParameters,
  IceParameters,
  RouterRtpCapabilities,
  RtpCapabilities,
  RtpParameters,
} from 'mediasoup/types';
import { z } from 'zod';
import type {
  BroadcastHealth,
  ConsumerParameters,
  EncoderState,
  Layout,
  ProducerInfo,
  StagePicture,
  StageShown,
  TransportParameters,
  StreamHealth,
} from '../../media/contract.ts';
import type { Ack, RealtimeEvents } from '../realtime/messages.ts';
import type { BroadcastState } from './rules.ts';
import type { Standing } from './stage-rules.ts';

export type { ProducerInfo, Source } from '../../media/contract.ts';
export type { Standing } from './stage-rules.ts';

export const MAX_CHAT_LENGTH = 500;

const id = z.string().min(1).max(64);
const codec = z.looseObject({ mimeType: z.string().max(64), clockRate: z.number() });
/** Checked for shape here and whole by the media plane, which refuses what its router cannot take. */
const rtpParameters = z
  .looseObject({ codecs: z.array(codec).min(1).max(32) })
  .transform((value) => value as unknown as RtpParameters);
const rtpCapabilities = z
  .looseObject({ codecs: z.array(codec).max(128).optional() })
  .transform((value) => value as unknown as RtpCapabilities);
const dtlsParameters = z
  .object({
    role: z.enum(['auto', 'client', 'server']).optional(),
    fingerprints: z
      .array(z.object({ algorithm: z.string().max(16), value: z.string().max(256) }))
      .min(1)
      .max(16),
  })
  .transform((value) => value as DtlsParameters);

/** Pixels of the screen that the picture fills from top to bottom, so that it is not sent larger than it is shown. */
const pixelHeight = z.int().min(1).max(8192).optional();
export const receiveMessage = z.object({ rtpCapabilities, pixelHeight });

export const joinMessage = z.object({
  broadcastId: id,
  /** Made by the page and kept in the browser: the same device is known again after a drop. */
  deviceId: z.string().min(8).max(64),
  /** The last chat number the page holds: only what came after it is sent. */
  lastChatSeq: z.int().min(0).optional(),
  /** The peer this page was before its socket dropped: its media goes on if the hub still has it. */
  resumePeerId: id.optional(),
  /** What `media:receive` is told, by a page that wants to receive at once: answered in {@link Joined.receiving}. */
  receive: receiveMessage.optional(),
});
export const transportMessage = z.object({ direction: z.enum(['send', 'recv']) });
export const connectMessage = z.object({ transportId: id, dtlsParameters });
export const restartIceMessage = z.object({ transportId: id });
export const produceMessage = z.object({
  transportId: id,
  kind: z.enum(['audio', 'video']),
  source: z.enum(['camera', 'microphone', 'screen', 'screen-sound']),
  rtpParameters,
});
export const producerMessage = z.object({ producerId: id });
export const consumeMessage = z.object({ transportId: id, producerId: id, rtpCapabilities });
export const consumerMessage = z.object({ consumerId: id });
export const layersMessage = z.object({
  consumerId: id,
  /** From 0, the smallest. The bandwidth may allow less. */
  spatialLayer: z.int().min(0).max(7),
  temporalLayer: z.int().min(0).max(7).optional(),
});
export const chatSendMessage = z.object({
  /** Chosen by the page: the same message sent again after a drop is stored once. */
  clientId: z.string().min(8).max(64),
  body: z.string().trim().min(1).max(MAX_CHAT_LENGTH),
});
export const chatSinceMessage = z.object({ seq: z.int().min(0) });
export const presenceMessage = z.object({ playing: z.boolean() });

export const nothingMessage = z.object({});
export const accountMessage = z.object({ accountId: id });
/** Without an account: one's own hand. */
export const lowerHandMessage = z.object({ accountId: id.optional() });
export const layoutMessage = z.object({
  layout: z.enum(['one', 'side-by-side', 'picture-in-picture']),
  /** The large picture. Left out: a screen before faces, the owner before others. */
  main: z.object({ accountId: id, source: z.enum(['camera', 'screen']) }).optional(),
});

/** Every message of a broadcast's room, for the test that walks them. */
export const SOCKET_MESSAGES = {
  'broadcast:join': joinMessage,
  'media:transport': transportMessage,
  'media:connect': connectMessage,
  'media:restart-ice': restartIceMessage,
  'media:produce': produceMessage,
  'media:pause-producer': producerMessage,
  'media:resume-producer': producerMessage,
  'media:close-producer': producerMessage,
  'media:consume': consumeMessage,
  'media:receive': receiveMessage,
  'media:resume-consumer': consumerMessage,
  'media:pause-consumer': consumerMessage,
  'media:set-layers': layersMessage,
  'media:close-consumer': consumerMessage,
  'chat:send': chatSendMessage,
  'chat:since': chatSinceMessage,
  'presence:ping': presenceMessage,
  'stage:raise-hand': nothingMessage,
  'stage:lower-hand': lowerHandMessage,
  'stage:leave': nothingMessage,
  'stage:give-floor': accountMessage,
  'stage:take-floor': accountMessage,
  'stage:set-layout': layoutMessage,
} as const;

/** A broadcast as its readers see it. Times are ISO instants, addresses are paths on the hub. */
export interface BroadcastView {
  id: string;
  title: string;
  kind: 'class' | 'sale';
  state: BroadcastState;
  visibility: 'public' | 'members';
  /** Whether the same account's second publication takes the air from its first, or is refused. */
  secondPublisher: 'take-over' | 'refuse';
  regionCode: string;
  createdAt: string;
  scheduledFor: string | null;
  liveAt: string | null;
  interruptedAt: string | null;
  endedAt: string | null;
  endReason: string | null;
  /** People watching now, each once however many devices. */
  viewers: number;
  /** Of all that was recorded, and of what the replay shows of it. */
  recordedMs: number;
  replayMs: number;
  /** Since when there is a picture of it. */
  picturedAt: string | null;
  /** When the recording's time was over and it was deleted. */
  recordingRemovedAt: string | null;
  /** `sound` is the sound alone; `thumbnail` is a JPEG, the latest while live, and null while there is none. */
  addresses: { watch: string; hls: string; sound: string; thumbnail: string | null };
  /** What the reader may do here. */
  may: {
    publish: boolean;
    end: boolean;
    chat: boolean;
    /** Give and take the floor, choose the layout. */
    direct: boolean;
    nameCohosts: boolean;
    askForFloor: boolean;
    /** Take the replay away as a file. */
    download: boolean;
    trim: boolean;
  };
}

export interface ChatMessage {
  /** Counts within the broadcast, without holes. */
  seq: number;
  clientId: string;
  accountId: string;
  name: string;
  /** The broadcast's own host or trainer speaks. */
  fromOwner: boolean;
  body: string;
  sentAt: string;
}

/** What is counted of the reader's own presence, and by which rule. `thresholdMinutes` null: nothing asks for it. */
export interface OwnPresence {
  effectiveSeconds: number;
  thresholdMinutes: number | null;
  rule: string;
  ruleVersion: number;
}

/** A receiving transport and all that others send: it flows as soon as the page connects. */
export interface Receiving {
  transport: TransportParameters;
  consumers: ConsumerParameters[];
}

export interface Joined {
  broadcast: BroadcastView;
  role: 'publisher' | 'viewer';
  /** Null for someone not signed in. */
  accountId: string | null;
  peerId: string;
  /** The earlier peer's transports, producers and consumers still stand. */
  resumed: boolean;
  /** Null while nobody has opened the room's media: join again when the state changes. */
  rtpCapabilities: RouterRtpCapabilities | null;
  producers: ProducerInfo[];
  /** Null where it was not asked for, the earlier transport still stands, or `media:receive` would be refused. */
  receiving: Receiving | null;
  chat: { messages: ChatMessage[]; more: boolean };
  stage: StageView;
  /** What the reader is there beside a viewer; the owner is `none` of these. */
  standing: Standing;
  /** For whoever gives the floor; empty for others. */
  hands: RaisedHand[];
  /** How often to report presence; null where presence is not measured (not signed in, or one's own broadcast). */
  presencePingSeconds: number | null;
  /** ISO instant by the hub's clock: phones' own clocks are minutes off. */
  hubTime: string;
}

/** Who is on stage and how they are shown, as everyone in the room sees it. */
export interface StageView {
  /** As the host wishes it: what a page shows that receives the pictures one by one. */
  layout: Layout;
  /** What is published, in the order to show it; the first is the large one. */
  pictures: (StagePicture & { accountId: string })[];
  /** What HLS and the recording show, and why that is less. */
  shown: StageShown;
  people: StagePerson[];
  /** How many ask for the floor. */
  hands: number;
}

export interface StagePerson {
  accountId: string;
  name: string;
  role: 'host' | 'cohost' | 'floor';
  /** Sends something now. */
  onAir: boolean;
  /** Under which it is published. */
  peerIds: string[];
  /** Is in the room. */
  here: boolean;
}

/** Someone who asks for the floor, the first to ask first. */
export interface RaisedHand {
  accountId: string;
  name: string;
  here: boolean;
}

/** The encoder that pushes by RTMP, for those who may publish. `connected` false: what was known of the last one. */
export interface EncoderNews extends EncoderState {
  connected: boolean;
}

/** What one needs to set up an encoder. `url` null: none are received here. `createdAt` null: no key has been made. */
export interface StreamKeyInfo {
  url: string | null;
  createdAt: string | null;
  encoder: EncoderNews | null;
}

/** What changed about a broadcast for everyone in it. */
export interface StateNews {
  state: BroadcastState;
  liveAt: string | null;
  interruptedAt: string | null;
  endedAt: string | null;
  endReason: string | null;
}

/** How a broadcast fares, for its hosts. */
export interface HealthNews {
  streams: Pick<
    StreamHealth,
    'kind' | 'source' | 'paused' | 'bitsPerSecond' | 'lossShare' | 'roundTripMs' | 'keyframeIntervalMs'
  >[];
  viewers: { webrtc: number; whep: number; hls: number };
  /** How old the newest frame is that HLS lists; null while it is not live. */
  hlsBehindMs: number | null;
  /** Smaller pictures for slow networks that are not made because the machine has no CPU left: `480p`. */
  refusedRenditions: BroadcastHealth['refusedRenditions'];
}

type Say<Schema extends z.ZodType, Output> = (
  input: z.input<Schema>,
  acknowledge: (ack: Ack<Output>) => void,
) => void;

/** For the page's typed socket. */
export interface ClientMessages {
  'broadcast:join': Say<typeof joinMessage, Joined>;
  'media:transport': Say<typeof transportMessage, TransportParameters>;
  'media:connect': Say<typeof connectMessage, null>;
  'media:restart-ice': Say<typeof restartIceMessage, IceParameters>;
  'media:produce': Say<typeof produceMessage, ProducerInfo>;
  'media:pause-producer': Say<typeof producerMessage, null>;
  'media:resume-producer': Say<typeof producerMessage, null>;
  'media:close-producer': Say<typeof producerMessage, null>;
  'media:consume': Say<typeof consumeMessage, ConsumerParameters>;
  'media:receive': Say<typeof receiveMessage, Receiving>;
  'media:resume-consumer': Say<typeof consumerMessage, null>;
  'media:pause-consumer': Say<typeof consumerMessage, null>;
  'media:set-layers': Say<typeof layersMessage, null>;
  'media:close-consumer': Say<typeof consumerMessage, null>;
  'chat:send': Say<typeof chatSendMessage, ChatMessage>;
  'chat:since': Say<typeof chatSinceMessage, { messages: ChatMessage[]; more: boolean }>;
  'presence:ping': Say<typeof presenceMessage, OwnPresence>;
  'stage:raise-hand': Say<typeof nothingMessage, null>;
  'stage:lower-hand': Say<typeof lowerHandMessage, null>;
  'stage:leave': Say<typeof nothingMessage, null>;
  'stage:give-floor': Say<typeof accountMessage, null>;
  'stage:take-floor': Say<typeof accountMessage, null>;
  'stage:set-layout': Say<typeof layoutMessage, null>;
}

/** What the hub says to everyone in a broadcast, or to one of them. */
export interface HubMessages extends RealtimeEvents {
  'broadcast:state': (news: StateNews) => void;
  /** Told to those who may publish only. */
  'broadcast:encoder': (news: EncoderNews) => void;
  /** To hosts only. */
  'broadcast:health': (news: HealthNews) => void;
  /** Said while the host's line is weak, and once when it is no more. */
  'broadcast:host-line': (news: { weak: boolean }) => void;
  'broadcast:viewers': (news: { viewers: number }) => void;
  'chat:message': (message: ChatMessage) => void;
  'stage:changed': (stage: StageView) => void;
  /** To whoever gives the floor. */
  'stage:hands': (hands: RaisedHand[]) => void;
  /** To the account itself: its hand, the floor, its being a co-host. */
  'stage:standing': (news: { standing: Standing }) => void;
  'media:producer-added': (producer: ProducerInfo) => void;
  'media:producer-paused': (news: { producerId: string; paused: boolean }) => void;
  'media:producer-closed': (news: { producerId: string }) => void;
  'media:consumer-closed': (news: { consumerId: string; producerId: string }) => void;
  /** ICE or DTLS of one's own transport is gone: restart ICE or join again. */
  'media:transport-lost': (news: { transportId: string; direction: 'send' | 'recv' }) => void;
  /** All transports are void: join again and make new ones. */
  'media:worker-died': () => void;
  /** Another page of the same account is on the air instead. */
  'media:taken-over': () => void;
}
