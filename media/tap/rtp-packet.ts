/** The parts of an RTP packet (RFC 3550) that the recording needs. `payload` shares the datagram's memory. */
export interface RtpPacket {
  sequenceNumber: number;
  timestamp: number;
  marker: boolean;
  payload: Buffer;
  /** Milliseconds since 1970 at which it reached the hub. */
  arrivedAt: number;
}

/** Null when it is not RTP version 2 or is cut short. */
export function parseRtpPacket(datagram: Buffer, arrivedAt: number): RtpPacket | null {
  if (datagram.length < 12 || datagram[0]! >> 6 !== 2) return null;
  const first = datagram[0]!;
  let start = 12 + (first & 0x0f) * 4;
  if (first & 0x10) {
    if (datagram.length < start + 4) return null;
    start += 4 + datagram.readUInt16BE(start + 2) * 4;
  }
  const padding = first & 0x20 ? datagram[datagram.length - 1]! : 0;
  const end = datagram.length - padding;
  if (end < start) return null;
  return {
    sequenceNumber: datagram.readUInt16BE(2),
    timestamp: datagram.readUInt32BE(4),
    marker: (datagram[1]! & 0x80) !== 0,
    payload: datagram.subarray(start, end),
    arrivedAt,
  };
}
