import { execFileSync } from 'node:child_process';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { acceptPicture } from '../../../server/platform/pictures/accept-picture.ts';

const SECRET = 'GPS 24.4367N 98.5784E';

function draw(codec: string, format: string): Buffer {
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=48x32:rate=1', '-frames:v', '1'];
  return execFileSync('ffmpeg', ['-v', 'error', ...source, '-c:v', codec, '-f', format, 'pipe:1']);
}
/** The pixels, as ffmpeg sees them; EXIF may turn them. */
function pixelsOf(picture: Buffer): string {
  const args = [
    '-v',
    'error',
    '-noautorotate',
    '-f',
    'image2pipe',
    '-i',
    'pipe:0',
    '-f',
    'md5',
    '-pix_fmt',
    'rgb24',
    'pipe:1',
  ];
  return execFileSync('ffmpeg', args, { input: picture }).toString();
}

const jpeg = draw('mjpeg', 'image2pipe');
const png = draw('png', 'image2pipe');
const webp = draw('libwebp', 'webp');

/** EXIF of a phone: turned by 90°, with a place. */
function exif(little: boolean): Buffer {
  const tiff = Buffer.alloc(26);
  tiff.write(little ? 'II' : 'MM', 'latin1');
  const short = (value: number, at: number) =>
    little ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at);
  const long = (value: number, at: number) =>
    little ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at);
  short(42, 2);
  long(8, 4);
  short(1, 8);
  short(0x0112, 10);
  short(3, 12);
  long(1, 14);
  short(6, 18);
  return Buffer.concat([Buffer.from('Exif\0\0'), tiff, Buffer.from(SECRET)]);
}
function segment(marker: number, content: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
}
function pngChunk(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
function riffChunk(type: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(content.length);
  return Buffer.concat([Buffer.from(type), length, content, Buffer.alloc(content.length % 2)]);
}
function riff(...chunks: Buffer[]): Buffer {
  return riffChunk('RIFF', Buffer.concat([Buffer.from('WEBP'), ...chunks]));
}

const phoneJpeg = (little: boolean) =>
  Buffer.concat([
    ...[jpeg.subarray(0, 2), segment(0xe1, exif(little)), segment(0xfe, Buffer.from(SECRET))],
    ...[segment(0xed, Buffer.from(SECRET)), jpeg.subarray(2), Buffer.from(`film ${SECRET}`)],
  ]);
const phonePng = Buffer.concat([
  ...[png.subarray(0, 33), pngChunk('tEXt', Buffer.from(`Place\0${SECRET}`)), pngChunk('eXIf', exif(true))],
  ...[png.subarray(33), Buffer.from(SECRET)],
]);
const extended = Buffer.from([0x0c, 0, 0, 0, 47, 0, 0, 31, 0, 0]);
const phoneWebp = Buffer.concat([
  riff(
    riffChunk('VP8X', extended),
    webp.subarray(12),
    riffChunk('EXIF', exif(true)),
    riffChunk('XMP ', Buffer.from(SECRET)),
  ),
  Buffer.from(SECRET),
]);

describe('a picture that is handed in', () => {
  it.each([
    ['JPEG, little-endian EXIF', phoneJpeg(true), 'image/jpeg', jpeg],
    ['JPEG, big-endian EXIF', phoneJpeg(false), 'image/jpeg', jpeg],
    ['PNG', phonePng, 'image/png', png],
    ['WebP', phoneWebp, 'image/webp', webp],
  ])('loses where it was taken and keeps every pixel: %s', (_what, taken, mediaType, plain) => {
    expect(taken.includes(SECRET)).toBe(true);
    const kept = acceptPicture(taken);
    expect(kept).toMatchObject({ mediaType, width: 48, height: 32 });
    expect(kept.bytes.includes(SECRET)).toBe(false);
    expect(pixelsOf(kept.bytes)).toBe(pixelsOf(plain));
    expect(acceptPicture(kept.bytes).sha256).toBe(kept.sha256);
  });

  it('stays turned as it was', () => {
    const args = [
      '-v',
      'error',
      '-show_entries',
      'frame_side_data=rotation',
      '-of',
      'csv=p=0',
      '-i',
      'pipe:0',
    ];
    const turned = execFileSync('ffprobe', args, { input: acceptPicture(phoneJpeg(true)).bytes }).toString();
    expect(turned.trim()).toBe('-90');
  });

  it.each([
    ['a script', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>')],
    ['a page called a picture', Buffer.from('<html>')],
    ['nothing', Buffer.alloc(0)],
    ['three bytes', Buffer.from([0xff, 0xd8, 0xff])],
    ['half a JPEG', jpeg.subarray(0, jpeg.length / 2)],
    ['half a PNG', png.subarray(0, png.length / 2)],
    ['half a WebP', webp.subarray(0, webp.length / 2)],
  ])('is refused where it is %s', (_what, bytes) => {
    expect(() => acceptPicture(bytes)).toThrow(expect.objectContaining({ code: 'picture.unsupported' }));
  });

  it('is refused where it would fill its reader’s memory', () => {
    const bomb = Buffer.from(png);
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    expect(() => acceptPicture(bomb)).toThrow(expect.objectContaining({ code: 'picture.too-large' }));
  });

  it('never breaks the reader, however it is cut and turned', () => {
    for (const whole of [phoneJpeg(true), phonePng, phoneWebp])
      for (let at = 0; at < whole.length; at += 7) {
        const broken = Buffer.from(whole);
        broken[at] = 0xff - broken[at]!;
        for (const bytes of [broken, whole.subarray(0, at)]) {
          try {
            acceptPicture(bytes);
          } catch (error) {
            expect(error).toMatchObject({ code: expect.stringMatching(/^picture\./) });
          }
        }
      }
  });
});
