import { randomUUID } from 'node:crypto';
import type { MediaLog, TransportParameters } from '../../contract.ts';
import type { Room } from '../../sfu/room.ts';
import type { OfferSession } from './contract.ts';
import { readIceFragment, writeIceFragment } from './ice-fragment.ts';
import type { Offer } from './offer.ts';

export interface SdpSessionOptions {
  peerId: string;
  sdp: string;
  room: Room;
  log: MediaLog;
  /** Called once, whoever closed it. */
  onClosed: () => void;
}

const LISTEN_EVERY_MS = 1_000;
/** A client says something every second, if only that it consents to be sent to. */
const SILENT_MS = 6_000;
/** How long a client may look for a way to reach us. */
const CONNECT_MS = 20_000;

/** What a client offered and what came of it: one transport with all that it sends, or receives. */
export class SdpSession implements OfferSession {
  readonly peerId: string;
  readonly answer: string;
  readonly #options: SdpSessionOptions;
  readonly #transport: TransportParameters;
  readonly #listening: NodeJS.Timeout;
  #remoteUfrag: string;
  #iceSession = randomUUID();
  #heardBytes = 0;
  #heardAt = Date.now();
  #closed = false;

  constructor(options: SdpSessionOptions, offer: Offer, transport: TransportParameters, answer: string) {
    this.#options = options;
    this.peerId = options.peerId;
    this.answer = answer;
    this.#transport = transport;
    this.#remoteUfrag = offer.ice.ufrag;
    this.#listening = setInterval(() => {
      this.#listen().catch((error: unknown) => {
        options.log('error', 'a session by SDP could not be listened to', { error: String(error) });
      });
    }, LISTEN_EVERY_MS);
    this.#listening.unref();
  }

  get iceSession(): string {
    return this.#iceSession;
  }

  async patchIce(fragment: string): Promise<string | null> {
    const { credentials } = readIceFragment(fragment);
    if (credentials.ufrag === this.#remoteUfrag) return null;
    const iceParameters = await this.#options.room.restartIce(this.peerId, this.#transport.id);
    this.#remoteUfrag = credentials.ufrag;
    this.#iceSession = randomUUID();
    // It has its reasons: the old way may be gone already.
    this.#heardAt = Date.now() + CONNECT_MS - SILENT_MS;
    return writeIceFragment(this.answer, { ...this.#transport, iceParameters });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#listening);
    this.#options.room.closePeer(this.peerId);
    this.#options.onClosed();
  }

  async #listen(): Promise<void> {
    const bytes = await this.#options.room.bytesReceived(this.peerId);
    const now = Date.now();
    if (bytes !== this.#heardBytes) {
      this.#heardBytes = bytes;
      this.#heardAt = now;
    }
    if (now - this.#heardAt > (this.#heardBytes === 0 ? CONNECT_MS : SILENT_MS)) this.close();
  }
}
