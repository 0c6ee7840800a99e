/** Everything the media plane can refuse or fail with; the server maps these onto its own codes. */
export type MediaErrorCode =
  /** The mediasoup worker's binary is not where it should be, or does not start. */
  | 'worker-missing'
  /** ffmpeg is not at `ffmpegPath`, or lacks an encoder we need. */
  | 'ffmpeg-missing'
  /** Another process holds the media port. */
  | 'rtc-port-busy'
  /** Another process holds the port for encoders. */
  | 'rtmp-port-busy'
  /** The storage directory cannot be written. */
  | 'storage-unwritable'
  /** The plane or the broadcast is closed. */
  | 'closed'
  /** This broadcast is open already. */
  | 'broadcast-open'
  /** No worker is alive just now; try again in a second. */
  | 'worker-unavailable'
  /** Every worker carries as many viewers as it may: offer HLS. */
  | 'worker-full'
  | 'unknown-transport'
  | 'unknown-producer'
  | 'unknown-consumer'
  /** RTP or DTLS parameters that the router refuses. */
  | 'bad-parameters'
  /** The viewer's capabilities cannot receive this producer: offer HLS. */
  | 'cannot-consume'
  /** What should be SDP or a part of it is none. */
  | 'bad-sdp'
  /** An offer or ICE fragment that is well written and cannot be answered. */
  | 'unacceptable-sdp'
  /** An offer of codecs that are none of ours. */
  | 'unknown-codecs'
  /** There is nothing to send yet, or nothing the client can receive. */
  | 'nothing-published'
  /** A clip that cannot be carried as it is (no H.264, B-frames …). */
  | 'unsupported-clip'
  /** An ffmpeg run that had to succeed did not. */
  | 'ffmpeg-failed'
  /** A stored segment that is not what its name says. */
  | 'bad-segment';

/** The only error class that leaves the media plane. `message` is English, for logs. */
export class MediaError extends Error {
  readonly code: MediaErrorCode;

  constructor(code: MediaErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'MediaError';
    this.code = code;
  }
}
