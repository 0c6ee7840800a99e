import type { Socket } from 'node:net';
import Rtmp from 'node-media-server/src/protocol/rtmp.js';
import type { FlvTag } from './flv.ts';

/** An application that streams are pushed to: `rtmp://HOST/live/KEY`. */
const APP = 'live';
const RTMP_VERSION = 3;
/** From the connection to the wish to publish, and to the answer to it. */
const HANDSHAKE_MS = 10_000;
const ANSWER_MS = 20_000;
/** An encoder that says nothing for so long is gone; its broadcast is interrupted long before. */
const SILENT_MS = 20_000;
/** A message may claim to be 16 MB long, on each of 65,000 chunk streams. Large keyframes take one. */
const MOST_MESSAGE_BYTES = 4 * 1024 * 1024;
const MOST_CHUNK_STREAMS = 16;
/** Before it is admitted it says a few hundred bytes: who holds more of our memory is no encoder. */
const GREETING = { bytes: 64 * 1024, messageBytes: 8 * 1024, chunkStreams: 6 };
/** Answers that are not read: an encoder reads a few hundred bytes in all. */
const MOST_UNREAD_BYTES = 64 * 1024;

export interface SessionEvents {
  /** It wants to publish; nothing more is read until this settles. False: refused. */
  onPublish(streamKey: string): Promise<boolean>;
  onTag(tag: FlvTag): void;
  /** Once, when its connection is over. `fault`: what it did wrong, in English. */
  onEnd(fault: string | null): void;
}

/** One encoder's connection. Whatever comes over it, the worst that happens is that it ends. */
export class RtmpSession {
  readonly address: string;
  readonly #socket: Socket;
  readonly #events: SessionEvents;
  readonly #rtmp: Rtmp;
  #state: 'greeting' | 'asking' | 'publishing' | 'over' = 'greeting';
  #fault: string | null = null;
  #sawVersion = false;
  #received = 0;
  #acknowledged = 0;
  #patience: NodeJS.Timeout;

  constructor(socket: Socket, events: SessionEvents) {
    this.#socket = socket;
    this.#events = events;
    this.address = socket.remoteAddress ?? '';
    this.#rtmp = this.#openProtocol();
    this.#patience = setTimeout(() => this.#fail('it did not publish in time'), HANDSHAKE_MS);
    socket.setTimeout(SILENT_MS, () => this.#fail('it fell silent'));
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
    socket.on('error', (error) => (this.#fault ??= error.message));
    socket.once('close', () => this.#over());
  }

  /** Ends the connection of one that was not admitted yet. Idempotent. */
  turnAway(): void {
    this.#fail('others wait for its place');
  }

  /** Ends the connection after telling why: encoders show the description or stop trying. Idempotent. */
  close(code: string, description: string): void {
    if (this.#state === 'over') return;
    if (this.#rtmp.streamId !== undefined)
      this.#rtmp.sendStatusMessage(this.#rtmp.streamId, 'error', code, description);
    this.#socket.destroySoon();
    this.#over();
  }

  #openProtocol(): Rtmp {
    const rtmp = new Rtmp();
    const allocate = rtmp.packetAlloc.bind(rtmp);
    rtmp.onOutputCallback = (bytes) => {
      if (this.#socket.writableLength > MOST_UNREAD_BYTES) this.#fail('it does not read answers');
      else if (this.#socket.writable) this.#socket.write(bytes);
    };
    rtmp.packetAlloc = () => {
      const admitted = this.#state === 'publishing';
      const mostBytes = admitted ? MOST_MESSAGE_BYTES : GREETING.messageBytes;
      const mostStreams = admitted ? MOST_CHUNK_STREAMS : GREETING.chunkStreams;
      if (rtmp.parserPacket.header.length > mostBytes) throw new Error('a message is too long');
      if (rtmp.inPackets.size > mostStreams) throw new Error('too many chunk streams');
      allocate();
    };
    rtmp.dataHandler = () => {
      const { header, clock, payload } = rtmp.parserPacket;
      if (this.#state !== 'publishing') return;
      // The buffer is used again for the next message.
      const data = Buffer.from(payload.subarray(0, header.length));
      this.#events.onTag({ type: header.type, timestampMs: clock, data });
    };
    rtmp.onPublish = ({ streamName }) => this.#wantsToPublish(streamName);
    rtmp.onPlay = () => {
      throw new Error('nothing can be played here');
    };
    rtmp.onDeleteStream = () => this.#socket.end();
    return rtmp;
  }

  #read(bytes: Buffer): void {
    if (this.#state === 'over') return;
    if (!this.#sawVersion && bytes[0] !== RTMP_VERSION) return this.#fail('it does not speak RTMP');
    this.#sawVersion = true;
    if (this.#state === 'greeting' && this.#received + bytes.length > GREETING.bytes)
      return this.#fail('it says too much before it publishes');
    try {
      const fault = this.#rtmp.parserData(bytes);
      if (fault !== null) return this.#fail(fault);
      this.#acknowledge(bytes.length);
    } catch (error) {
      // The protocol's own code throws on much that is malformed.
      this.#fail(error instanceof Error ? error.message : String(error));
    }
  }

  /** Some encoders stop when they do not hear that their bytes arrive. */
  #acknowledge(bytes: number): void {
    this.#received += bytes;
    const every = this.#rtmp.ackSize ?? 0;
    if (every === 0 || this.#received - this.#acknowledged < every) return;
    this.#acknowledged = this.#received;
    this.#rtmp.sendACK(this.#received % 2 ** 32);
  }

  #wantsToPublish(streamName: unknown): void {
    if (this.#state !== 'greeting') throw new Error('it publishes twice');
    const rtmp = this.#rtmp;
    // The packet of the wish is overwritten by what follows it.
    rtmp.streamId = rtmp.parserPacket.header.stream_id;
    const app = typeof rtmp.streamApp === 'string' ? rtmp.streamApp.replace(/\/$/, '') : '';
    const [streamKey = ''] = typeof streamName === 'string' ? streamName.split('?') : [];
    if (app !== APP || streamKey === '') return this.close('NetStream.Publish.BadName', 'No such address');
    this.#state = 'asking';
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.#fail('nobody decided about it in time'), ANSWER_MS);
    this.#socket.pause();
    this.#events.onPublish(streamKey).then(
      (admitted) => this.#answered(admitted),
      (error: unknown) => this.#fail(`it could not be decided about: ${String(error)}`),
    );
  }

  #answered(admitted: boolean): void {
    if (this.#state !== 'asking') return;
    clearTimeout(this.#patience);
    if (!admitted) return this.close('NetStream.Publish.BadName', 'The stream key is not valid now');
    this.#state = 'publishing';
    this.#rtmp.sendStatusMessage(
      this.#rtmp.streamId ?? 0,
      'status',
      'NetStream.Publish.Start',
      'The stream is taken',
    );
    this.#socket.resume();
  }

  #fail(fault: string): void {
    this.#fault ??= fault;
    this.#socket.destroy();
    this.#over();
  }

  #over(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    clearTimeout(this.#patience);
    this.#events.onEnd(this.#fault);
  }
}
