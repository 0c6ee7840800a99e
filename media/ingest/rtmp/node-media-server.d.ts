/** The parts of node-media-server that are used: RTMP's protocol without its server, which belongs to a whole process. */
declare module 'node-media-server/src/protocol/rtmp.js' {
  interface RtmpPacketHeader {
    length: number;
    type: number;
    stream_id: number;
  }

  /** One connection's protocol. Its methods may be replaced on an instance; it throws on much that is malformed. */
  export default class Rtmp {
    /** Kept a chunk stream, for as long as the connection lasts. */
    inPackets: Map<number, unknown>;
    parserPacket: { header: RtmpPacketHeader; clock: number; payload: Buffer };
    streamApp: unknown;
    /** Of the wish to publish; undefined before it. */
    streamId: number | undefined;
    /** Bytes after which the other side wants to hear that they arrived. */
    ackSize?: number;
    onOutputCallback: (buffer: Buffer) => void;
    /** Returns what is wrong, or null. */
    parserData(buffer: Buffer): string | null;
    packetAlloc(): void;
    dataHandler(): void;
    onPublish(message: { streamName?: unknown }): void;
    onPlay(): void;
    onDeleteStream(): void;
    respondPublish(): void;
    sendStatusMessage(streamId: number, level: 'status' | 'error', code: string, description: string): void;
    sendACK(size: number): void;
  }
}

declare module 'node-media-server/src/core/logger.js' {
  const logger: { log: (message: string, level: string) => void };
  export default logger;
}
