import { expect, test } from 'vitest';
import {
  decodeArguments,
  encoderArguments,
  clipArguments,
  inspectArguments,
  loopableClipArguments,
  plainPictureArguments,
  recordArguments,
} from '../../../media/process/ffmpeg-arguments.ts';

test('recording several sounds and uncoded pictures', () => {
  const shape = { fragmentSeconds: 0.2635, sounds: 2, encodeSegmentSeconds: 2 };
  expect(recordArguments(shape).join(' ')).toMatchInlineSnapshot(
    `"-hide_banner -loglevel warning -f matroska -fpsprobesize 0 -probesize 4096 -analyzeduration 1 -i pipe:0 -map 0:v:0 -c:v libx264 -preset ultrafast -tune zerolatency -profile:v baseline -pix_fmt yuv420p -crf 23 -maxrate 2500k -bufsize 2500k -g 9999 -force_key_frames expr:gte(t,n_forced*2) -fps_mode passthrough -video_track_timescale 90000 -f mp4 -movflags +empty_moov+default_base_moof+skip_trailer+frag_keyframe -frag_duration 263500 -flush_packets 1 pipe:1 -filter_complex [0:a:0]aresample=async=1000:first_pts=0:flags=res[s0];[0:a:1]aresample=async=1000:first_pts=0:flags=res[s1];[s0][s1]amix=inputs=2:normalize=0,alimiter=limit=0.97:level=0[sound] -map [sound] -c:a aac -aac_coder fast -b:a 96k -ar 48000 -ac 2 -use_stream_ids_as_track_ids 1 -streamid 0:2 -f mp4 -movflags +empty_moov+default_base_moof+skip_trailer -frag_duration 80000 -flush_packets 1 pipe:3"`,
  );
});

test('decoding for a canvas', () => {
  const size = { width: 640, height: 720 };
  expect(decodeArguments({ ...size, fit: 'contain' }).join(' ')).toMatchInlineSnapshot(
    `"-hide_banner -loglevel warning -threads 1 -flags low_delay -f matroska -fpsprobesize 0 -probesize 4096 -analyzeduration 1 -i pipe:0 -map 0:v:0 -vf scale=640:720:force_original_aspect_ratio=decrease:force_divisible_by=2:flags=fast_bilinear,pad=640:720:(ow-iw)/2:(oh-ih)/2 -pix_fmt yuv420p -fps_mode passthrough -f rawvideo -flush_packets 1 pipe:1"`,
  );
  expect(decodeArguments({ ...size, fit: 'cover' }).join(' ')).toMatchInlineSnapshot(
    `"-hide_banner -loglevel warning -threads 1 -flags low_delay -f matroska -fpsprobesize 0 -probesize 4096 -analyzeduration 1 -i pipe:0 -map 0:v:0 -vf scale=640:720:force_original_aspect_ratio=increase:flags=fast_bilinear,crop=640:720 -pix_fmt yuv420p -fps_mode passthrough -f rawvideo -flush_packets 1 pipe:1"`,
  );
});

test('recording', () => {
  expect(recordArguments({ fragmentSeconds: 0.2635, sounds: 1 }).join(' ')).toMatchInlineSnapshot(
    `"-hide_banner -loglevel warning -f matroska -fpsprobesize 0 -probesize 4096 -analyzeduration 1 -i pipe:0 -map 0:v:0 -c:v copy -video_track_timescale 90000 -f mp4 -movflags +empty_moov+default_base_moof+skip_trailer+frag_keyframe -frag_duration 263500 -flush_packets 1 pipe:1 -map 0:a:0 -af aresample=async=1000:first_pts=0:flags=res -c:a aac -aac_coder fast -b:a 96k -ar 48000 -ac 2 -use_stream_ids_as_track_ids 1 -streamid 0:2 -f mp4 -movflags +empty_moov+default_base_moof+skip_trailer -frag_duration 80000 -flush_packets 1 pipe:3"`,
  );
});

test('the plain picture', () => {
  expect(plainPictureArguments().join(' ')).toMatchInlineSnapshot(
    `"-hide_banner -loglevel warning -f lavfi -i color=c=0x2a211b:s=640x360:r=10:d=2 -c:v libx264 -preset ultrafast -profile:v baseline -pix_fmt yuv420p -g 20 -bf 0 -x264-params scenecut=0:aud=1 -f h264 pipe:1"`,
  );
});

test('playing a clip', () => {
  const video = { port: 40_000, rtcpPort: 40_001, payloadType: 101, ssrc: 11 };
  const audio = { port: 40_002, rtcpPort: 40_003, payloadType: 100, ssrc: 22 };
  expect(clipArguments({ file: '/c/clip.ts', video, audio }).join(' ')).toMatchInlineSnapshot(
    `"-hide_banner -loglevel warning -nostdin -re -stream_loop -1 -i /c/clip.ts -map 0:v:0 -c:v copy -payload_type 101 -ssrc 11 -f rtp rtp://127.0.0.1:40000?pkt_size=1200&rtcpport=40001 -map 0:a:0 -c:a libopus -b:a 64k -ar 48000 -ac 2 -application lowdelay -payload_type 100 -ssrc 22 -f rtp rtp://127.0.0.1:40002?pkt_size=1200&rtcpport=40003 -map 0:v:0 -c:v copy -f framecrc -flush_packets 1 pipe:1"`,
  );
  expect(loopableClipArguments('/c/clip.mp4', '/c/clip.ts').join(' ')).toMatchInlineSnapshot(
    `"-hide_banner -loglevel warning -nostdin -y -i /c/clip.mp4 -map 0:v:0 -map 0:a:0 -c copy -bsf:v h264_mp4toannexb -f mpegts -pes_payload_size 0 -muxdelay 0 /c/clip.ts"`,
  );
  expect(inspectArguments('/c/clip.mp4').join(' ')).toMatchInlineSnapshot(
    `"-hide_banner -loglevel warning -nostdin -i /c/clip.mp4 -map 0:v:0 -c copy -t 5 -f framecrc pipe:1"`,
  );
});

test('relaying an encoder', () => {
  const video = { port: 40_000, rtcpPort: 40_001, payloadType: 101, ssrc: 11 };
  expect(encoderArguments({ video }).join(' ')).toMatchInlineSnapshot(
    `"-hide_banner -loglevel warning -fpsprobesize 0 -probesize 2000000 -analyzeduration 500000 -f flv -i pipe:0 -map 0:v:0 -c:v copy -bsf:v h264_mp4toannexb -payload_type 101 -ssrc 11 -f rtp rtp://127.0.0.1:40000?pkt_size=1200&rtcpport=40001"`,
  );
  expect(
    encoderArguments({ video }, { width: 1280, height: 720, kbps: 2500 }).join(' '),
  ).toMatchInlineSnapshot(
    `"-hide_banner -loglevel warning -fpsprobesize 0 -probesize 2000000 -analyzeduration 500000 -threads 1 -f flv -i pipe:0 -map 0:v:0 -vf select='isnan(prev_selected_t)+gte(t-prev_selected_t,0.03)',scale=1280:720:flags=fast_bilinear -c:v libx264 -preset veryfast -tune zerolatency -profile:v baseline -pix_fmt yuv420p -bf 0 -b:v 2500k -maxrate 2500k -bufsize 2500k -g 9999 -sc_threshold 0 -force_key_frames expr:if(isnan(prev_forced_t),1,gte(t,prev_forced_t+2)) -fps_mode passthrough -payload_type 101 -ssrc 11 -f rtp rtp://127.0.0.1:40000?pkt_size=1200&rtcpport=40001"`,
  );
});
