/** What an encoder that pushes by RTMP is told about, asked for and known by. */

/** What is seen of an encoder's stream. Rates are of the last seconds. */
export interface EncoderFacts {
  video: {
    /** `h264` is the only one that is taken. */
    codec: string;
    /** H.264's profile_idc (66 Baseline, 77 Main, 100 High); 0 for another codec. */
    profile: number;
    width: number;
    height: number;
    framesPerSecond: number;
    kbps: number;
    /** The last distance of two keyframes, or the time since the last one where that is longer. Null: only one so far. */
    keyframeSeconds: number | null;
    bFrames: boolean;
  } | null;
  audio: { codec: string; kbps: number } | null;
}

/** What the host should change, most urgent first. */
export type EncoderAdvice =
  /** These two end the connection. */
  | { code: 'codec-unsupported'; codec: string }
  | { code: 'profile-unsupported'; profile: number }
  /** `encodedAnew`: viewers see an even picture, which costs the hub; otherwise they see it stutter. */
  | { code: 'b-frames'; encodedAnew: boolean }
  | { code: 'no-video' }
  | { code: 'no-audio' }
  | { code: 'audio-codec-unsupported'; codec: string }
  | { code: 'keyframe-interval-long'; seconds: number; mostSeconds: number }
  | { code: 'bitrate-high'; kbps: number; suggestedKbps: number }
  | { code: 'size-large'; width: number; height: number }
  | { code: 'frame-rate-high'; framesPerSecond: number; mostFramesPerSecond: number };

export interface EncoderState {
  facts: EncoderFacts;
  advice: EncoderAdvice[];
}

/** Where an encoder's stream goes. */
export interface EncoderAdmission {
  broadcastId: string;
  peerId: string;
}

/** Who may push is decided by the server, which knows the keys. */
export interface EncoderGate {
  /**
   * Asked once a connection, when it wants to publish. The broadcast must be open by then. Undefined: refused, and the
   * connection ends. `address` is the encoder's.
   */
  admit(request: { streamKey: string; address: string }): Promise<EncoderAdmission | undefined>;
  /** What is seen of an admitted encoder, every few seconds and at once when advice changes. */
  seen(encoder: EncoderAdmission, state: EncoderState): void;
  /** Its connection is over, whoever ended it. Once for each admission. */
  gone(encoder: EncoderAdmission): void;
}
