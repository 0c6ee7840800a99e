import { describe, expect, test } from 'vitest';
import { Splice } from '../../../media/sfu/splice.ts';

const CLOCK = 90_000;

function packet(sequence: number, timestamp: number, ssrc = 7): Buffer {
  const bytes = Buffer.alloc(20);
  bytes[0] = 0x80;
  bytes.writeUInt16BE(sequence, 2);
  bytes.writeUInt32BE(timestamp, 4);
  bytes.writeUInt32BE(ssrc, 8);
  return bytes;
}

/** What comes out of packets [sequence, timestamp, milliseconds]; `null` between them is a cut. */
function spliced(steps: ([number, number, number] | null)[]): (readonly [number, number] | 'dropped')[] {
  const splice = new Splice(99, CLOCK);
  return steps.flatMap((step): (readonly [number, number] | 'dropped')[] => {
    if (!step) {
      splice.cut();
      return [];
    }
    const bytes = packet(step[0], step[1]);
    if (!splice.pass(bytes, step[2])) return ['dropped'];
    expect(bytes.readUInt32BE(8)).toBe(99);
    return [[bytes.readUInt16BE(2), bytes.readUInt32BE(4)]];
  });
}

describe('one stream of several', () => {
  test('the first is as it was', () => {
    expect(
      spliced([
        [65_535, 1, 0],
        [0, 3001, 33],
      ]),
    ).toEqual([
      [65_535, 1],
      [0, 3001],
    ]);
  });

  test('the next one follows without a hole, and its time goes on by the clock', () => {
    const steps: Parameters<typeof spliced>[0] = [
      [10, 1000, 0],
      [11, 1000, 1],
      null,
      [500, 7, 1001],
      [501, 3007, 1034],
    ];
    expect(spliced(steps)).toEqual([
      [10, 1000],
      [11, 1000],
      [12, 1000 + 90_000],
      [13, 1000 + 93_000],
    ]);
  });

  test('numbers and time wrap', () => {
    const steps: Parameters<typeof spliced>[0] = [[65_535, 2 ** 32 - 1, 0], null, [3, 5, 1000]];
    expect(spliced(steps)).toEqual([
      [65_535, 2 ** 32 - 1],
      [0, 89_999],
    ]);
  });

  test('what was lost stays lost, what is late keeps its place', () => {
    const steps: Parameters<typeof spliced>[0] = [[5, 0, 0], null, [100, 0, 10], [103, 9, 20], [102, 6, 21]];
    expect(spliced(steps).map((out) => out[0])).toEqual([5, 6, 9, 8]);
  });

  test('what is older than the cut is nobody’s', () => {
    expect(spliced([[5, 0, 0], null, [100, 0, 10], [99, 0, 11]])).toEqual([[5, 0], [6, 900], 'dropped']);
  });

  test('a report tells of the time that it was given', () => {
    const splice = new Splice(99, CLOCK);
    const datagram = Buffer.alloc(4 + 52);
    datagram.set([0x81, 200, 0, 12], 4);
    datagram.writeUInt32BE(7, 8);
    datagram.writeUInt32BE(5_000, 20);
    expect(splice.report(datagram, 4)).toBeNull();
    splice.pass(packet(1, 1_000), 0);
    splice.cut();
    splice.pass(packet(1, 4_000), 1_000);
    const report = splice.report(datagram, 4)!;
    expect([report.length, report[0], report[1], report.readUInt16BE(2)]).toEqual([28, 0x80, 200, 6]);
    expect([report.readUInt32BE(4), report.readUInt32BE(16)]).toEqual([99, 1_000 + 90_000 + 1_000]);
    expect(splice.report(datagram.subarray(0, 20), 4)).toBeNull();
  });
});
