/** Every ffmpeg command line of the media plane, as pure functions. */

/** The picture's track is 1 in a file of its own; the sound must not be. */
const SOUND_TRACK_ID = 2;

const QUIET = ['-hide_banner', '-loglevel', 'warning'];

/** A live Matroska stream on stdin. The header says all there is to know: do not wait for frames to find out. */
const MATROSKA_IN = [
  ...['-f', 'matroska', '-fpsprobesize', '0', '-probesize', '4096', '-analyzeduration', '1'],
  ...['-i', 'pipe:0'],
];

/**
 * Resampling fills holes and follows a publisher's drifting clock. It must be on from the start (`res`): turned on by the
 * first drift, it forgets where it was, and puts in silence as long as the sound so far (docs/decisions/0042).
 */
const EVEN_SOUND = 'aresample=async=1000:first_pts=0:flags=res';

/** Baseline and without delay, as cheap as may be. `segmentSeconds` lie between keyframes. */
const encoded = (segmentSeconds: number) => [
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-profile:v', 'baseline'],
  ...['-pix_fmt', 'yuv420p', '-crf', '23', '-maxrate', '2500k', '-bufsize', '2500k', '-g', '9999'],
  ...['-force_key_frames', `expr:gte(t,n_forced*${segmentSeconds})`, '-fps_mode', 'passthrough'],
];

/** Several sounds become one; a loud moment is held down and does not crackle. */
function mixed(sounds: number): string[] {
  if (sounds === 1) return ['-map', '0:a:0', '-af', EVEN_SOUND];
  const all = Array.from({ length: sounds }, (_, sound) => sound);
  const chains = all.map((sound) => `[0:a:${sound}]${EVEN_SOUND}[s${sound}]`);
  const mix = `amix=inputs=${sounds}:normalize=0,alimiter=limit=0.97:level=0`;
  const graph = [...chains, `${all.map((sound) => `[s${sound}]`).join('')}${mix}[sound]`].join(';');
  return ['-filter_complex', graph, '-map', '[sound]'];
}

export interface RecordingShape {
  fragmentSeconds: number;
  /** Opus tracks, at least one. */
  sounds: number;
  /** Set where the pictures come uncoded: keyframes so far apart. Otherwise they are copied. */
  encodeSegmentSeconds?: number;
}

/**
 * Matroska on stdin (H.264 or uncoded, and Opus, timestamps made sane) to two fragmented MP4s: the picture, copied, on stdout and
 * the sound, as AAC for browsers' sake, on descriptor 3. Apart, because in one file the sound would decide as well as
 * the picture where a fragment ends. The picture's last at least `fragmentSeconds` and begin anew at each keyframe.
 */
export function recordArguments(shape: RecordingShape): string[] {
  const { fragmentSeconds, sounds, encodeSegmentSeconds } = shape;
  const fragmented = (movFlags: string, seconds: number) => [
    ...['-f', 'mp4', '-movflags', `+empty_moov+default_base_moof+skip_trailer${movFlags}`],
    ...['-frag_duration', String(Math.round(seconds * 1e6)), '-flush_packets', '1'],
  ];
  return [
    ...[...QUIET, ...MATROSKA_IN, '-map', '0:v:0'],
    ...(encodeSegmentSeconds === undefined ? ['-c:v', 'copy'] : encoded(encodeSegmentSeconds)),
    ...['-video_track_timescale', '90000', ...fragmented('+frag_keyframe', fragmentSeconds), 'pipe:1'],
    // The fast coder takes half the time, and above 64 kbit/s is no worse (ffmpeg's manual).
    ...[...mixed(sounds), '-c:a', 'aac', '-aac_coder', 'fast', '-b:a', '96k', '-ar', '48000', '-ac', '2'],
    ...['-use_stream_ids_as_track_ids', '1', '-streamid', `0:${SOUND_TRACK_ID}`],
    ...[...fragmented('', 0.08), 'pipe:3'],
  ];
}

/** Most that a lower rendition of so many lines takes, kbit/s: what is enough for a face and a slide of that size. */
const lowerKbits = (height: number) => Math.round(120 + (height * height * 800) / (480 * 480));

/**
 * Recorded fragments on stdin to the same in a smaller size on stdout, the picture alone: frame for frame with the same
 * times, and with fragments that end where those of `recordArguments` do. `passthrough` and the clock of the recording see
 * to that; at a constant rate frames would be doubled and keyframes shifted.
 */
export function lowerArguments({
  height,
  fragmentSeconds,
}: {
  height: number;
  fragmentSeconds: number;
}): string[] {
  const kbits = lowerKbits(height);
  return [
    // Threads would each hold a picture back.
    ...[...QUIET, '-threads', '1', '-flags', 'low_delay', '-fpsprobesize', '0', '-probesize', '4096'],
    ...['-analyzeduration', '1', '-f', 'mp4', '-i', 'pipe:0', '-map', '0:v:0'],
    ...['-vf', `scale=-2:${height}:flags=fast_bilinear`, '-pix_fmt', 'yuv420p', '-fps_mode', 'passthrough'],
    ...['-enc_time_base', '1:90000', '-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency'],
    ...[
      '-profile:v',
      'baseline',
      '-threads',
      '1',
      '-crf',
      '24',
      '-maxrate',
      `${kbits}k`,
      '-bufsize',
      `${kbits}k`,
    ],
    ...['-g', '9999', '-sc_threshold', '0', '-force_key_frames', 'source', '-video_track_timescale', '90000'],
    ...['-f', 'mp4', '-movflags', '+empty_moov+default_base_moof+skip_trailer+frag_keyframe'],
    ...['-frag_duration', String(Math.round(fragmentSeconds * 1e6)), '-flush_packets', '1', 'pipe:1'],
  ];
}

/**
 * Matroska with one picture track on stdin to raw I420 pictures of a fixed size on stdout, one for each that went in.
 * `cover` cuts off what sticks out, `contain` leaves black at the sides.
 */
export function decodeArguments(tile: { width: number; height: number; fit: 'contain' | 'cover' }): string[] {
  const { width, height, fit } = tile;
  const size = `${width}:${height}`;
  const fitted =
    fit === 'cover'
      ? `scale=${size}:force_original_aspect_ratio=increase:flags=fast_bilinear,crop=${size}`
      : `scale=${size}:force_original_aspect_ratio=decrease:force_divisible_by=2:flags=fast_bilinear,pad=${size}:(ow-iw)/2:(oh-ih)/2`;
  return [
    // Threads would each hold a picture back.
    ...[...QUIET, '-threads', '1', '-flags', 'low_delay', ...MATROSKA_IN],
    ...['-map', '0:v:0', '-vf', fitted, '-pix_fmt', 'yuv420p', '-fps_mode', 'passthrough'],
    ...['-f', 'rawvideo', '-flush_packets', '1', 'pipe:1'],
  ];
}

/**
 * H.264 keyframes on stdin, each with its parameter sets and between delimiters, to one JPEG each on stdout as soon as
 * it is there, at most 480 pixels wide. Their size may change from one to the next.
 */
export function thumbnailArguments(): string[] {
  return [
    ...['-hide_banner', '-loglevel', 'error', '-threads', '1', '-flags', 'low_delay'],
    ...['-fpsprobesize', '0', '-probesize', '32', '-analyzeduration', '0', '-f', 'h264', '-i', 'pipe:0'],
    ...['-filter_threads', '1', '-vf', "scale='min(480,iw)':-2:flags=fast_bilinear,format=yuvj420p"],
    ...['-fps_mode', 'passthrough', '-c:v', 'mjpeg', '-q:v', '6', '-threads', '1'],
    ...['-flush_packets', '1', '-f', 'image2pipe', 'pipe:1'],
  ];
}

/** Two seconds of a plain picture as an H.264 stream on stdout: shown while there is sound and no camera. */
export function plainPictureArguments(): string[] {
  return [
    ...QUIET,
    ...['-f', 'lavfi', '-i', 'color=c=0x2a211b:s=640x360:r=10:d=2'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-profile:v', 'baseline', '-pix_fmt', 'yuv420p'],
    ...['-g', '20', '-bf', '0', '-x264-params', 'scenecut=0:aud=1', '-f', 'h264', 'pipe:1'],
  ];
}

/** Where one medium of a clip is sent, by RTP over loopback. */
export interface RtpTarget {
  port: number;
  rtcpPort: number;
  payloadType: number;
  ssrc: number;
}

const rtpUrl = ({ port, rtcpPort }: RtpTarget) =>
  `rtp://127.0.0.1:${port}?pkt_size=1200&rtcpport=${rtcpPort}`;
const rtpIdentity = ({ payloadType, ssrc }: RtpTarget) => [
  '-payload_type',
  `${payloadType}`,
  '-ssrc',
  `${ssrc}`,
];

/**
 * Rewrites a clip as MPEG-TS, nothing encoded: there the parameter sets stand before each keyframe. Filters cannot put
 * them there while it loops, since ffmpeg 5 ends its filters when the file ends for the first time.
 */
export function loopableClipArguments(file: string, loopable: string): string[] {
  return [
    ...[...QUIET, '-nostdin', '-y', '-i', file, '-map', '0:v:0', '-map', '0:a:0', '-c', 'copy'],
    // By default sound is gathered into large packets, and would be played late.
    ...['-bsf:v', 'h264_mp4toannexb', '-f', 'mpegts', '-pes_payload_size', '0', '-muxdelay', '0', loopable],
  ];
}

/**
 * Plays a loopable clip for ever at its own pace into two RTP ports, the picture copied. What it copies to stdout besides is
 * its lifeline: when the hub is killed, writing there fails and it ends too.
 */
export function clipArguments(clip: { file: string; video: RtpTarget; audio: RtpTarget }): string[] {
  return [
    ...QUIET,
    ...['-nostdin', '-re', '-stream_loop', '-1', '-i', clip.file],
    ...['-map', '0:v:0', '-c:v', 'copy', ...rtpIdentity(clip.video)],
    ...['-f', 'rtp', rtpUrl(clip.video)],
    ...[
      '-map',
      '0:a:0',
      '-c:a',
      'libopus',
      '-b:a',
      '64k',
      '-ar',
      '48000',
      '-ac',
      '2',
      '-application',
      'lowdelay',
    ],
    ...[...rtpIdentity(clip.audio), '-f', 'rtp', rtpUrl(clip.audio)],
    ...['-map', '0:v:0', '-c:v', 'copy', '-f', 'framecrc', '-flush_packets', '1', 'pipe:1'],
  ];
}

const KEYFRAME_SECONDS = 2;
/** Of 60 pictures a second every other one lies so far from the last that was taken, of 30 every one. */
const LEAST_FRAME_SECONDS = 0.03;

/** Baseline and without delay, pictures when the source has them: decoded in order, at most about 30 a second. */
function encodedAnew({ width, height, kbps }: { width: number; height: number; kbps: number }): string[] {
  const thinned = `select='isnan(prev_selected_t)+gte(t-prev_selected_t,${LEAST_FRAME_SECONDS})'`;
  return [
    ...['-vf', `${thinned},scale=${width}:${height}:flags=fast_bilinear`],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-profile:v', 'baseline'],
    ...['-pix_fmt', 'yuv420p', '-bf', '0', '-b:v', `${kbps}k`, '-maxrate', `${kbps}k`],
    ...['-bufsize', `${kbps}k`, '-g', '9999', '-sc_threshold', '0', '-force_key_frames'],
    ...[
      `expr:if(isnan(prev_forced_t),1,gte(t,prev_forced_t+${KEYFRAME_SECONDS}))`,
      '-fps_mode',
      'passthrough',
    ],
  ];
}

/**
 * An encoder's FLV on stdin into RTP ports, the picture copied or encoded as `anew` says. What it is told of is there
 * from the first byte on, so it need not look for more. When the hub is killed its input ends, and so does it.
 */
export function encoderArguments(
  { video, audio }: { video?: RtpTarget; audio?: RtpTarget },
  anew?: { width: number; height: number; kbps: number },
): string[] {
  const coded = anew ? encodedAnew(anew) : ['-c:v', 'copy', '-bsf:v', 'h264_mp4toannexb'];
  const picture = video && [
    ...['-map', '0:v:0', ...coded, ...rtpIdentity(video)],
    ...['-f', 'rtp', rtpUrl(video)],
  ];
  const sound = audio && [
    ...['-map', '0:a:0', '-af', 'aresample=async=1000', '-c:a', 'libopus', '-b:a', '96k'],
    ...[
      '-ar',
      '48000',
      '-ac',
      '2',
      '-application',
      'lowdelay',
      ...rtpIdentity(audio),
      '-f',
      'rtp',
      rtpUrl(audio),
    ],
  ];
  return [
    ...[...QUIET, '-fpsprobesize', '0', '-probesize', '2000000'],
    // FLV's reader looks for the other medium as long as it may, whatever the header says.
    ...['-analyzeduration', video && audio ? '5000000' : video ? '500000' : '100000'],
    // Threads of the decoder would each hold a picture back.
    ...(anew ? ['-threads', '1'] : []),
    ...['-f', 'flv', '-i', 'pipe:0', ...(picture ?? []), ...(sound ?? [])],
  ];
}

/** Lists a file's first video packets, one a line: stream, dts, pts, duration, size, checksum. */
export function inspectArguments(file: string): string[] {
  return [
    ...QUIET,
    '-nostdin',
    '-i',
    file,
    '-map',
    '0:v:0',
    '-c',
    'copy',
    '-t',
    '5',
    '-f',
    'framecrc',
    'pipe:1',
  ];
}

/**
 * A small clip from ffmpeg's own sources: hills under a changing sky, a moving sun, a soft tone with a beep each
 * second. A keyframe every two seconds and no B-frames, so that it can be copied into a broadcast.
 */
export function makeClipArguments(clip: {
  file: string;
  seconds: number;
  width: number;
  height: number;
}): string[] {
  const { file, seconds, width, height } = clip;
  const picture = [
    `gradients=s=${width}x${height}:r=25:d=${seconds}:speed=0.008:n=3:c0=0xf4c27a:c1=0xe8743b:c2=0x7fb3a6`,
    `drawbox=x='mod(t*${Math.round(width / 16)},${width})':y=${Math.round(height / 6)}:w=${Math.round(height / 6)}:h=${Math.round(height / 6)}:color=0xfff1c9:t=fill`,
    `drawbox=x=0:y=${Math.round(height * 0.62)}:w=iw:h=ih:color=0x3e6b4f:t=fill`,
    `drawbox=x=0:y=${Math.round(height * 0.78)}:w=iw:h=ih:color=0x274a37:t=fill`,
    'format=yuv420p',
  ].join(',');
  return [
    ...QUIET,
    ...['-nostdin', '-y', '-f', 'lavfi', '-i', picture],
    ...[
      '-f',
      'lavfi',
      '-i',
      `sine=frequency=196:beep_factor=4:sample_rate=48000:duration=${seconds},volume=0.4`,
    ],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'baseline', '-level', '3.1', '-b:v', '700k'],
    ...[
      '-maxrate',
      '900k',
      '-bufsize',
      '900k',
      '-g',
      '50',
      '-keyint_min',
      '50',
      '-sc_threshold',
      '0',
      '-bf',
      '0',
    ],
    ...['-c:a', 'aac', '-b:a', '96k', '-ac', '2', '-shortest', '-movflags', '+faststart', file],
  ];
}
