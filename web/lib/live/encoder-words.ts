import { m } from '#lib/paraglide/messages.js';
import type { EncoderNews } from '../../../server/broadcasts/messages.ts';

type Advice = EncoderNews['advice'][number];

/** What to change, and where in OBS. */
export function adviceWords(advice: Advice): string {
  switch (advice.code) {
    case 'codec-unsupported':
      return m.live_encoder_advice_codec_unsupported({ codec: advice.codec.toUpperCase() });
    case 'profile-unsupported':
      return m.live_encoder_advice_profile_unsupported();
    case 'b-frames':
      return advice.encodedAnew ? m.live_encoder_advice_b_frames_encoded() : m.live_encoder_advice_b_frames();
    case 'no-video':
      return m.live_encoder_advice_no_video();
    case 'no-audio':
      return m.live_encoder_advice_no_audio();
    case 'audio-codec-unsupported':
      return m.live_encoder_advice_audio_codec_unsupported({ codec: advice.codec.toUpperCase() });
    case 'keyframe-interval-long':
      return m.live_encoder_advice_keyframe_interval_long(advice);
    case 'bitrate-high':
      return m.live_encoder_advice_bitrate_high(advice);
    case 'size-large':
      return m.live_encoder_advice_size_large(advice);
    case 'frame-rate-high':
      return m.live_encoder_advice_frame_rate_high(advice);
  }
}
