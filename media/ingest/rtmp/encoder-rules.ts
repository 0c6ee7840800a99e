import type { EncoderAdvice, EncoderFacts } from './contract.ts';

/** Viewers wait for a keyframe before their first picture, and each part of the recording begins with one. */
const MOST_KEYFRAME_SECONDS = 2;
/** An encoder set to 2 s is not told of the tenths it takes longer. */
const KEYFRAME_TOLERANCE_SECONDS = 0.5;
/** What phones of viewers receive and decode without effort. */
const MOST_PIXELS = 1920 * 1080;
const MOST_FRAMES_PER_SECOND = 30;
const FRAME_RATE_TOLERANCE = 3;
/** Above what is suggested by so much before it is worth a word. */
const BITRATE_TOLERANCE = 1.4;
/** 8 bits and 4:2:0, which browsers decode: Baseline, Main, Extended and High. */
const BROWSER_PROFILES = new Set([66, 77, 88, 100]);
const AUDIO_CODECS = new Set(['aac', 'mp3']);

/** Kilobits a second that suffice for a picture of this height, at 30 pictures a second. */
export function suggestedKbps(height: number): number {
  if (height <= 360) return 800;
  if (height <= 480) return 1200;
  if (height <= 720) return 2500;
  return 4500;
}

/** Why a picture cannot be passed on, for the encoder's own log: it is sent away with the advice. Null: it can. */
export function refusalOf({ video }: EncoderFacts): string | null {
  if (video && video.codec !== 'h264') return 'Only H.264 can be passed on';
  if (video && !BROWSER_PROFILES.has(video.profile))
    return 'Only H.264 of 8 bits and 4:2:0 can be passed on: choose the profile Main or Baseline';
  return null;
}

/** True for sound that can be passed on. */
export function canHear(codec: string): boolean {
  return AUDIO_CODECS.has(codec);
}

export interface Circumstances {
  /** Long enough on for what lacks to be missing for good. */
  settled: boolean;
  /** Its picture is encoded anew, without B-frames. */
  encodedAnew: boolean;
}

/** What the host should change, most urgent first. */
export function adviceFor(facts: EncoderFacts, { settled, encodedAnew }: Circumstances): EncoderAdvice[] {
  const { video, audio } = facts;
  const advice: EncoderAdvice[] = [];
  if (video && video.codec !== 'h264') return [{ code: 'codec-unsupported', codec: video.codec }];
  if (video && !BROWSER_PROFILES.has(video.profile))
    return [{ code: 'profile-unsupported', profile: video.profile }];
  if (video?.bFrames) advice.push({ code: 'b-frames', encodedAnew });
  if (!video && settled) advice.push({ code: 'no-video' });
  if (!audio && settled) advice.push({ code: 'no-audio' });
  if (audio && !canHear(audio.codec)) advice.push({ code: 'audio-codec-unsupported', codec: audio.codec });
  if (!video) return advice;
  const { keyframeSeconds, width, height, kbps, framesPerSecond } = video;
  if (keyframeSeconds !== null && keyframeSeconds > MOST_KEYFRAME_SECONDS + KEYFRAME_TOLERANCE_SECONDS) {
    const seconds = Math.round(keyframeSeconds);
    advice.push({ code: 'keyframe-interval-long', seconds, mostSeconds: MOST_KEYFRAME_SECONDS });
  }
  const suggested = suggestedKbps(Math.min(width, height));
  if (kbps > suggested * BITRATE_TOLERANCE)
    advice.push({ code: 'bitrate-high', kbps: Math.round(kbps / 100) * 100, suggestedKbps: suggested });
  if (width * height > MOST_PIXELS) advice.push({ code: 'size-large', width, height });
  if (framesPerSecond > MOST_FRAMES_PER_SECOND + FRAME_RATE_TOLERANCE)
    advice.push({
      code: 'frame-rate-high',
      framesPerSecond: Math.round(framesPerSecond),
      mostFramesPerSecond: MOST_FRAMES_PER_SECOND,
    });
  return advice;
}
