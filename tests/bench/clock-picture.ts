/**
 * A camera that films a clock: 32 black or white cells that say the time in milliseconds. Put in place of the camera by
 * {@link CLOCK_CAMERA}, read back from a video element by {@link readClockDelays}.
 */
const COLUMNS = 16;
const CELL = 40;

/** Runs in the publishing page before its own scripts. */
export const CLOCK_CAMERA = `if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = async () => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [${COLUMNS * CELL}, 360];
  const drawing = canvas.getContext('2d');
  setInterval(() => {
    const now = Date.now() % 2 ** 32;
    for (let bit = 0; bit < 32; bit += 1) {
      drawing.fillStyle = Math.floor(now / 2 ** bit) % 2 ? 'white' : 'black';
      drawing.fillRect((bit % ${COLUMNS}) * ${CELL}, Math.floor(bit / ${COLUMNS}) * ${CELL}, ${CELL}, ${CELL});
    }
  }, 33);
  const sound = new AudioContext().createMediaStreamDestination();
  return new MediaStream([...canvas.captureStream(30).getVideoTracks(), ...sound.stream.getAudioTracks()]);
};`;

/**
 * Runs in the watching page: how old the picture is that it shows within so many seconds, in milliseconds. Of each frame when it
 * is presented, and of one that stays for long again and again: a picture that stands still grows old.
 */
export function readClockDelays([selector, seconds]: readonly [string, number]): Promise<number[]> {
  const video = document.querySelector<HTMLVideoElement>(selector)!;
  const canvas = document.createElement('canvas');
  const drawing = canvas.getContext('2d', { willReadFrequently: true })!;
  const delays: number[] = [];
  const stillAfterMs = 100;
  const everyMs = 33;
  let shown = { delay: 0, at: 0 };
  const read = (): void => {
    const now = Date.now();
    for (let at = shown.at + stillAfterMs; shown.at > 0 && at < now; at += everyMs)
      delays.push(shown.delay + at - shown.at);
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    drawing.drawImage(video, 0, 0);
    const cell = video.videoWidth / 16;
    let time = 0;
    for (let bit = 0; bit < 32; bit += 1) {
      const [x, y] = [((bit % 16) + 0.5) * cell, (Math.floor(bit / 16) + 0.5) * cell];
      if (drawing.getImageData(x, y, 1, 1).data[1]! > 127) time += 2 ** bit;
    }
    const delay = (now % 2 ** 32) - time;
    // A cell that was read between black and white tells a time of another year.
    if (delay < 0 || delay >= 30_000) return;
    delays.push(delay);
    shown = { delay, at: now };
  };
  return new Promise((resolve) => {
    const end = performance.now() + seconds * 1000;
    const next = (): void => {
      video.requestVideoFrameCallback(() => {
        read();
        if (performance.now() < end) next();
        else resolve(delays);
      });
    };
    next();
  });
}
