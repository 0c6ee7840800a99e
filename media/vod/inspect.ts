import { z } from 'zod';
import type { Inspection, Refusal, VideoFacts } from './contract.ts';
import { ffprobeBeside, runTool } from './run-tool.ts';
import { packetArguments, probeArguments, sampleArguments } from './vod-arguments.ts';

const MIN_SECONDS = 1;
const MAX_SECONDS = 6 * 3600;
const MAX_SIDE = 4096;
/** Keyframes further apart make segments that a poor line cannot fetch in time: such a picture is encoded anew. */
const MAX_KEYFRAME_GAP_SECONDS = 6;
const SAMPLE_SECONDS = 1;
/** Where a file is tried, as a share of its length; the last second is always tried too. */
const SAMPLE_PLACES = [0, 0.2, 0.4, 0.6, 0.8];

const probed = z.object({
  format: z.object({ format_name: z.string(), duration: z.coerce.number().optional() }),
  streams: z.array(
    z.object({
      codec_type: z.string().optional(),
      codec_name: z.string().default('unknown'),
      profile: z.string().optional(),
      pix_fmt: z.string().optional(),
      width: z.number().optional(),
      height: z.number().optional(),
      avg_frame_rate: z.string().default('0/0'),
      duration: z.coerce.number().optional(),
      disposition: z.object({ attached_pic: z.number().default(0) }).default({ attached_pic: 0 }),
      side_data_list: z.array(z.object({ rotation: z.number().optional() })).default([]),
    }),
  ),
});
type Stream = z.infer<typeof probed>['streams'][number];

/** Formats without time of their own: text files and pictures that ffmpeg would rather show than refuse. */
const NOT_VIDEO = /^(tty|image2|.*_pipe|gif|lrc|srt|webvtt|ass|concat|hls|ffmetadata|sdp)$/;

/**
 * Looks into a file: what it is, whether it is whole, and whether its pictures decode at several places and at its end.
 * The name of the file says nothing. Throws `ffmpeg-missing`, and the signal's reason.
 */
export async function inspectVideo(options: {
  ffmpegPath: string;
  file: string;
  signal: AbortSignal;
}): Promise<Inspection> {
  const { ffmpegPath, file, signal } = options;
  const ffprobe = ffprobeBeside(ffmpegPath);
  const probe = await runTool(ffprobe, probeArguments(file), signal);
  if (!probe.ok) return refuse('unreadable', probe.stderr);
  const { format, streams } = probed.parse(JSON.parse(probe.stdout));
  if (NOT_VIDEO.test(format.format_name)) return refuse('unreadable', format.format_name);
  const video = streams.find((one) => one.codec_type === 'video' && one.disposition.attached_pic === 0);
  const audio = streams.find((one) => one.codec_type === 'audio');
  if (!video?.width || !video.height) return refuse('no-picture', format.format_name);
  if (Math.max(video.width, video.height) > MAX_SIDE)
    return refuse('picture-too-large', `${video.width}x${video.height}`);

  const packets = readPackets((await runTool(ffprobe, packetArguments(file), signal)).stdout);
  const seconds = format.duration ?? packets.lastSeconds;
  if (!(seconds >= MIN_SECONDS)) return refuse('too-short', `${seconds} s`);
  if (seconds > MAX_SECONDS) return refuse('too-long', `${seconds} s`);
  const pictureSeconds = video.duration ?? seconds;
  if (packets.lastSeconds < pictureSeconds - 1)
    return refuse('cut-off', `the last picture is at ${packets.lastSeconds} s of ${pictureSeconds} s`);

  const lastPlace = Math.max(0, packets.lastSeconds - SAMPLE_SECONDS);
  for (const from of [...SAMPLE_PLACES.map((share) => share * lastPlace), lastPlace]) {
    const sample = await runTool(ffmpegPath, sampleArguments(file, from, SAMPLE_SECONDS), signal);
    const frames = Number(/.*frame=\s*(\d+)/s.exec(sample.stdout)?.[1] ?? 0);
    if (!sample.ok || frames === 0) return refuse('undecodable', `at ${from.toFixed(1)} s: ${sample.stderr}`);
  }
  return { ok: true, facts: factsOf(video, audio, Math.round(seconds * 1000), packets.keyframeGapSeconds) };
}

function refuse(refusal: Refusal, detail: string): Inspection {
  return { ok: false, refusal, detail: detail.trim().slice(-500) };
}

function factsOf(
  video: Stream,
  audio: Stream | undefined,
  durationMs: number,
  keyframeGap: number,
): VideoFacts {
  const rotation = video.side_data_list.find((one) => one.rotation !== undefined)?.rotation ?? 0;
  const turned = Math.abs(rotation) % 180 === 90;
  const [width, height] = [video.width ?? 0, video.height ?? 0];
  return {
    durationMs,
    width: turned ? height : width,
    height: turned ? width : height,
    videoCodec: video.codec_name,
    audioCodec: audio?.codec_name ?? null,
    frameRate: video.avg_frame_rate,
    copyable:
      video.codec_name === 'h264' &&
      ['yuv420p', 'yuvj420p'].includes(video.pix_fmt ?? '') &&
      rotation === 0 &&
      keyframeGap <= MAX_KEYFRAME_GAP_SECONDS &&
      (!audio || (audio.codec_name === 'aac' && audio.profile === 'LC')),
  };
}

/** Of `pts_time,flags` lines: the last picture's time and the longest stretch without a keyframe, in seconds. */
export function readPackets(listing: string): { lastSeconds: number; keyframeGapSeconds: number } {
  let [last, lastKey, gap] = [0, 0, 0];
  for (const line of listing.split('\n')) {
    const [time = '', flags = ''] = line.split(',');
    const at = Number(time);
    if (time === '' || !Number.isFinite(at)) continue;
    last = Math.max(last, at);
    if (!flags.startsWith('K')) continue;
    gap = Math.max(gap, at - lastKey);
    lastKey = at;
  }
  return { lastSeconds: last, keyframeGapSeconds: Math.max(gap, last - lastKey) };
}
