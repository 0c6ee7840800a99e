import type { MediaKind, RtcpFeedback } from 'mediasoup/types';

/** What a client offers, checked and without what nobody asks for. */
export interface Offer {
  ice: IceCredentials;
  fingerprint: DtlsFingerprint;
  setup: 'actpass' | 'active' | 'passive';
  media: OfferedMedia[];
}

export interface IceCredentials {
  ufrag: string;
  pwd: string;
}

export interface DtlsFingerprint {
  algorithm: 'sha-256' | 'sha-384' | 'sha-512';
  value: string;
}

/** One m-line, in the order of the offer: the answer has one for each. */
export interface OfferedMedia {
  /** `other`: neither sound nor picture over RTP (a data channel). */
  kind: MediaKind | 'other';
  /** As it stands in the m-line, for a refusal. */
  line: { type: string; protocol: string; formats: string };
  mid: string;
  /** Refused or left empty by the client itself. */
  disabled: boolean;
  direction: OfferedDirection;
  codecs: OfferedCodec[];
  extensions: { uri: string; id: number }[];
  /** Streams announced by number; `rtx` is the one that repeats lost packets. */
  streams: { ssrc: number; rtx?: number }[];
  cname: string | undefined;
  /** Names of the simulcast streams that the client would send, in its order. */
  rids: string[];
}

export type OfferedDirection = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export interface OfferedCodec {
  payloadType: number;
  /** In lower case, without the kind. */
  name: string;
  clockRate: number;
  channels: number;
  parameters: Record<string, string | number>;
  feedback: RtcpFeedback[];
}

/** An m-line that is taken, and how it is answered. */
export interface AnsweredMedia {
  mid: string;
  direction: 'recvonly' | 'sendonly';
  /** As they are in the offer, so that the answer says the same. The second one repeats lost packets of the first. */
  codecs: OfferedCodec[];
  extensions: { uri: string; id: number }[];
  /** Simulcast streams that are received, in the order of the offer. */
  rids: string[];
  /** What we send. */
  stream?: { ssrc: number; rtx?: number; cname: string; track: string };
}
