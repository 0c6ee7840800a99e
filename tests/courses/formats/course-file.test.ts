import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { CourseFileError, MANIFEST_PATH } from '../../../courses/formats/contract.ts';
import { packCourse } from '../../../courses/formats/pack-course.ts';
import { readZip } from '../../../courses/formats/read-zip.ts';
import { unpackCourse } from '../../../courses/formats/unpack-course.ts';
import { readShippedCourses } from '../../../courses/content/index.ts';
import { assetsOf, checkCourse } from '../../../courses/model/check-course.ts';
import { sampleCourse } from '../model/sample-course.ts';

const checked = checkCourse(sampleCourse());
if (!checked.ok) throw new Error('not valid');
const { course } = checked;
const assets = new Map(assetsOf(course).map(({ name }) => [name, Buffer.from(`bytes of ${name}`)]));
const packed = await packCourse({ course, assets });

/** The files of a good course file, changed and packed again. */
async function repacked(change: (files: Map<string, Buffer>) => void): Promise<Buffer> {
  const files = await readZip(packed);
  change(files);
  const zip = new ZipFile();
  for (const [path, bytes] of files) zip.addBuffer(bytes, path);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A ZIP of one entry under any name, that says it unpacks to `saidBytes`. */
function rawZip(name: string, content: Buffer, saidBytes = content.length): Buffer {
  const data = deflateRawSync(content);
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(8, 4);
  fields.writeUInt32LE(data.length, 14);
  fields.writeUInt32LE(saidBytes, 18);
  fields.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), data]);
  const central = Buffer.concat([
    ...[Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), fields],
    ...[Buffer.alloc(14), Buffer.from(name)],
  ]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, Buffer.from('PK\x05\x06'), end]);
}

describe('a course file', () => {
  it('gives back what was put in, and packs to the same bytes again', async () => {
    const back = await unpackCourse(packed);
    expect(back.course).toEqual(course);
    expect([...back.assets]).toEqual([...assets]);
    expect((await packCourse(back)).equals(packed)).toBe(true);
  });

  it('takes the courses that ship, whole', async () => {
    for (const shipped of readShippedCourses()) {
      const first = await packCourse(shipped);
      const back = await unpackCourse(first);
      expect(back.course).toEqual(shipped.course);
      expect((await packCourse(back)).equals(first)).toBe(true);
    }
  });

  it.each<[string, () => Buffer | Promise<Buffer>, string]>([
    ['no ZIP', () => Buffer.from('这不是课程'), 'damaged'],
    ['nothing', () => Buffer.alloc(0), 'damaged'],
    ['cut off', () => packed.subarray(0, packed.length / 2), 'damaged'],
    ['another ZIP', () => rawZip('word/document.xml', Buffer.from('<xml/>')), 'damaged'],
    ['outside its folder', () => rawZip('../../etc/passwd', Buffer.from('x')), 'damaged'],
    ['an absolute path', () => rawZip('/etc/passwd', Buffer.from('x')), 'damaged'],
    ['a Windows path', () => rawZip('..\\..\\boot.ini', Buffer.from('x')), 'damaged'],
    ['a bomb that says so', () => rawZip('course.json', Buffer.alloc(31 * 1024 * 1024)), 'too-large'],
    ['a bomb that lies', () => rawZip('manifest.json', Buffer.alloc(8 * 1024 * 1024), 100), 'damaged'],
    ['a file changed', () => repacked((f) => f.set('assets/slides/1.png', Buffer.from('other'))), 'altered'],
    ['a file gone', () => repacked((f) => f.delete('assets/slides/1.png')), 'altered'],
    ['a file added', () => repacked((f) => f.set('assets/virus.exe', Buffer.from('MZ'))), 'altered'],
    ['no manifest', () => repacked((f) => f.delete(MANIFEST_PATH)), 'damaged'],
    ['no JSON', () => repacked((f) => f.set(MANIFEST_PATH, Buffer.from('{'))), 'damaged'],
    [
      'a newer hub’s',
      () =>
        repacked((f) =>
          f.set(
            MANIFEST_PATH,
            Buffer.from(f.get(MANIFEST_PATH)!.toString().replace('"version": 1', '"version": 2')),
          ),
        ),
      'newer',
    ],
    [
      'a course that is none',
      () => packCourse({ course: { ...course, lessons: [] }, assets: new Map() }),
      'invalid',
    ],
    [
      'a listed file that no lesson names',
      () => packCourse({ course, assets: new Map([...assets, ['x.png', Buffer.from('x')]]) }),
      'altered',
    ],
    ['a picture that is not in it', () => packCourse({ course, assets: new Map() }), 'altered'],
  ])('is refused with a clear code: %s', async (_what, make, code) => {
    const refused = await unpackCourse(await make()).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(CourseFileError);
    expect(refused).toMatchObject({ code });
  });

  it('is taken or refused, and nothing else, whichever of its bytes is wrong', async () => {
    for (let at = 0; at < packed.length; at += 97) {
      const broken = Buffer.from(packed);
      broken[at]! ^= 0xff;
      const outcome = await unpackCourse(broken).then(
        (back) => back.course,
        (error: unknown) => error,
      );
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(CourseFileError);
      else expect(outcome).toEqual(course);
    }
  });
});
