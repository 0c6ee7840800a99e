import { execFileSync } from 'node:child_process';

/** Rates as ffmpeg writes them: `1500k`. */
interface CameraClip {
  picture: string;
  sound: string;
  keyframeEvery: number;
  bitrate: string;
}

/** Writes what a phone's camera sends, from ffmpeg's own sources: baseline H.264 without B-frames, and a sound. */
export function makeCameraClip(file: string, { picture, sound, keyframeEvery, bitrate }: CameraClip): void {
  execFileSync('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', sound],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'baseline', '-pix_fmt', 'yuv420p'],
    ...['-bf', '0', '-g', String(keyframeEvery), '-sc_threshold', '0'],
    ...['-b:v', bitrate, '-maxrate', bitrate, '-bufsize', bitrate],
    ...['-c:a', 'aac', '-b:a', '96k', '-ac', '2', '-shortest', '-y', file],
  ]);
}
