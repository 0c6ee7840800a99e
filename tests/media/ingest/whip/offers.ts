const PRINT = Array.from({ length: 32 }, (_, i) =>
  (i * 7 + 16).toString(16).padStart(2, '0').toUpperCase(),
).join(':');
const ICE = 'a=ice-ufrag:Ufr4\na=ice-pwd:0123456789abcdefABCDEFgh';
const lines = (...parts: string[]) => parts.join('\n').replaceAll('\n', '\r\n') + '\r\n';

/** Chromium with simulcast: H.264 in several profiles beside VP8, VP9 and AV1. */
export const CHROME = lines(
  'v=0\no=- 4611731400430051336 2 IN IP4 127.0.0.1\ns=-\nt=0 0\na=group:BUNDLE 0 1\na=extmap-allow-mixed\na=msid-semantic: WMS x',
  `m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0\nc=IN IP4 0.0.0.0\na=rtcp:9 IN IP4 0.0.0.0\n${ICE}\na=ice-options:trickle\na=fingerprint:sha-256 ${PRINT}\na=setup:actpass\na=mid:0`,
  'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\na=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time\na=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
  'a=sendonly\na=msid:x y\na=rtcp-mux\na=rtpmap:111 opus/48000/2\na=rtcp-fb:111 transport-cc\na=fmtp:111 minptime=10;useinbandfec=1\na=rtpmap:63 red/48000/2\na=fmtp:63 111/111\na=ssrc:1001 cname:c1\na=ssrc:1001 msid:x y',
  `m=video 9 UDP/TLS/RTP/SAVPF 96 97 102 103 106 107 98\nc=IN IP4 0.0.0.0\n${ICE}\na=fingerprint:sha-256 ${PRINT}\na=setup:actpass\na=mid:1`,
  'a=extmap:14 urn:ietf:params:rtp-hdrext:toffset\na=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time\na=extmap:13 urn:3gpp:video-orientation\na=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\na=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\na=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  'a=sendonly\na=rtcp-mux\na=rtcp-rsize\na=rtpmap:96 VP8/90000\na=rtcp-fb:96 goog-remb\na=rtcp-fb:96 transport-cc\na=rtcp-fb:96 ccm fir\na=rtcp-fb:96 nack\na=rtcp-fb:96 nack pli\na=rtpmap:97 rtx/90000\na=fmtp:97 apt=96',
  'a=rtpmap:102 H264/90000\na=rtcp-fb:102 nack pli\na=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f\na=rtpmap:103 rtx/90000\na=fmtp:103 apt=102',
  'a=rtpmap:106 H264/90000\na=rtcp-fb:106 goog-remb\na=rtcp-fb:106 transport-cc\na=rtcp-fb:106 ccm fir\na=rtcp-fb:106 nack\na=rtcp-fb:106 nack pli\na=fmtp:106 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\na=rtpmap:107 rtx/90000\na=fmtp:107 apt=106\na=rtpmap:98 VP9/90000\na=fmtp:98 profile-id=0',
  'a=rid:q send\na=rid:h send\na=rid:f send\na=simulcast:send q;h;f',
);

/** Firefox: credentials at the session, a data channel beside. */
export const FIREFOX = lines(
  `v=0\no=mozilla...THIS_IS_SDPARTA-99.0 123 0 IN IP4 0.0.0.0\ns=-\nt=0 0\na=sendrecv\na=fingerprint:sha-256 ${PRINT}\na=group:BUNDLE 0 1 2\na=ice-options:trickle\na=msid-semantic:WMS *`,
  `m=audio 9 UDP/TLS/RTP/SAVPF 109 9 0 8\nc=IN IP4 0.0.0.0\na=sendonly\na=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid\na=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1\n${ICE}\na=mid:0\na=rtcp-mux\na=rtpmap:109 opus/48000/2\na=setup:actpass\na=ssrc:2001 cname:{c}`,
  `m=video 9 UDP/TLS/RTP/SAVPF 120 124 126 127\nc=IN IP4 0.0.0.0\na=sendonly\na=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid\na=fmtp:126 profile-level-id=42e01f;level-asymmetry-allowed=1;packetization-mode=1\na=fmtp:120 max-fs=12288;max-fr=60\na=fmtp:124 apt=120\na=fmtp:127 apt=126\n${ICE}\na=mid:1\na=rtcp-fb:126 nack\na=rtcp-fb:126 nack pli\na=rtcp-fb:126 ccm fir\na=rtcp-fb:126 goog-remb\na=rtcp-mux\na=rtpmap:120 VP8/90000\na=rtpmap:124 rtx/90000\na=rtpmap:126 H264/90000\na=rtpmap:127 rtx/90000\na=setup:actpass\na=ssrc:2002 cname:{c}\na=ssrc:2003 cname:{c}\na=ssrc-group:FID 2002 2003`,
  `m=application 9 UDP/DTLS/SCTP webrtc-datachannel\nc=IN IP4 0.0.0.0\na=sendrecv\n${ICE}\na=mid:2\na=setup:actpass\na=sctp-port:5000`,
);

/** OBS 30 (libdatachannel): no header extensions to tell the media apart but ssrc. */
export const OBS = lines(
  `v=0\no=rtc 1675478560 0 IN IP4 127.0.0.1\ns=-\nt=0 0\na=group:BUNDLE 0 1\na=group:LS 0 1\na=msid-semantic:WMS *\na=setup:actpass\n${ICE}\na=ice-options:ice2,trickle\na=fingerprint:sha-256 ${PRINT}`,
  'm=audio 52000 UDP/TLS/RTP/SAVPF 111\nc=IN IP4 192.168.1.5\na=mid:0\na=sendonly\na=ssrc:3001 cname:obs\na=rtcp-mux\na=rtpmap:111 opus/48000/2\na=fmtp:111 minptime=10;maxaveragebitrate=96000;stereo=1;sprop-stereo=1;useinbandfec=1',
  'm=video 52000 UDP/TLS/RTP/SAVPF 96\nc=IN IP4 192.168.1.5\na=mid:1\na=sendonly\na=ssrc:3002 cname:obs\na=rtcp-mux\na=rtpmap:96 H264/90000\na=rtcp-fb:96 nack\na=rtcp-fb:96 nack pli\na=rtcp-fb:96 goog-remb\na=fmtp:96 profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1',
);

/** ffmpeg 8: passive is not what it asks for, the profile is its encoder's. */
export const FFMPEG = lines(
  `v=0\no=FFmpeg 4489045141692799359 2 IN IP4 127.0.0.1\ns=FFmpegPublishSession\nt=0 0\na=group:BUNDLE 0 1\na=extmap-allow-mixed\na=msid-semantic: WMS`,
  `m=audio 9 UDP/TLS/RTP/SAVPF 111\nc=IN IP4 0.0.0.0\n${ICE}\na=fingerprint:sha-256 ${PRINT}\na=setup:passive\na=mid:0\na=sendonly\na=msid:FFmpeg audio\na=rtcp-mux\na=rtpmap:111 opus/48000/2\na=ssrc:4001 cname:FFmpeg`,
  `m=video 9 UDP/TLS/RTP/SAVPF 106 105\nc=IN IP4 0.0.0.0\n${ICE}\na=fingerprint:sha-256 ${PRINT}\na=setup:passive\na=mid:1\na=sendonly\na=rtcp-mux\na=rtcp-rsize\na=rtpmap:106 H264/90000\na=fmtp:106 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=64001f\na=rtcp-fb:106 nack\na=rtpmap:105 rtx/90000\na=fmtp:105 apt=106\na=ssrc:4002 cname:FFmpeg\na=ssrc:4003 cname:FFmpeg\na=ssrc-group:FID 4002 4003`,
);

/** GStreamer's whipclientsink: named mids, VP8 first. */
export const GSTREAMER = lines(
  `v=0\no=- 7012183284718299 0 IN IP4 0.0.0.0\ns=-\nt=0 0\na=ice-options:trickle\na=group:BUNDLE video0 audio1`,
  `m=video 9 UDP/TLS/RTP/SAVPF 96 97\nc=IN IP4 0.0.0.0\na=setup:actpass\n${ICE}\na=rtcp-mux\na=rtcp-rsize\na=sendonly\na=rtpmap:96 VP8/90000\na=rtcp-fb:96 nack\na=rtcp-fb:96 nack pli\na=rtcp-fb:96 ccm fir\na=rtcp-fb:96 transport-cc\na=extmap:1 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\na=rtpmap:97 rtx/90000\na=fmtp:97 apt=96\na=ssrc:5001 cname:gst\na=ssrc:5002 cname:gst\na=ssrc-group:FID 5001 5002\na=mid:video0\na=fingerprint:sha-256 ${PRINT}`,
  `m=audio 9 UDP/TLS/RTP/SAVPF 98\nc=IN IP4 0.0.0.0\na=setup:actpass\n${ICE}\na=bundle-only\na=rtcp-mux\na=sendonly\na=rtpmap:98 OPUS/48000/2\na=fmtp:98 sprop-stereo=1\na=ssrc:5003 cname:gst\na=mid:audio1\na=fingerprint:sha-256 ${PRINT}`,
);
