import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';

/** How the network between clients and hub behaves; may change at any moment. */
export interface Network {
  /** Share of datagrams that are lost, 0 to 1, each way. */
  lossShare: number;
  delayMs: number;
  /** Up to so much more, at random: datagrams overtake each other. */
  jitterMs: number;
  /** Nothing passes. */
  cut: boolean;
}

export const GOOD_NETWORK: Network = { lossShare: 0, delayMs: 0, jitterMs: 0, cut: false };

/** A UDP relay that misbehaves as told, for machines whose kernel has no netem. Every client has a line of its own. */
export class UdpRelay {
  network: Network = { ...GOOD_NETWORK };
  readonly #inside: Socket;
  readonly #target: { address: string; port: number };
  readonly #lines = new Map<string, Socket>();
  readonly #dead = new Set<string>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #random: () => number;

  private constructor(inside: Socket, target: { address: string; port: number }, seed: number) {
    this.#inside = inside;
    this.#target = target;
    this.#random = seeded(seed);
    inside.on('message', (datagram, from) => {
      if (!this.#dead.has(keyOf(from))) this.#pass(datagram, (late) => this.#lineOf(from).send(late));
    });
  }

  /** Listens at `listen` and passes on to `target`. */
  static async open(options: {
    listen: { address: string; port: number };
    target: { address: string; port: number };
    seed?: number;
  }): Promise<UdpRelay> {
    const inside = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      inside.once('error', reject);
      inside.bind(options.listen.port, options.listen.address, resolve);
    });
    return new UdpRelay(inside, options.target, options.seed ?? 1);
  }

  /** Every client has another address from now on, as a phone that goes from Wi-Fi to mobile. */
  changeAddresses(): void {
    for (const line of this.#lines.values()) line.close();
    this.#lines.clear();
  }

  /** No port a client has sent from so far leads anywhere again: only one that ICE opens anew does. */
  killPaths(): void {
    for (const client of this.#lines.keys()) this.#dead.add(client);
    this.changeAddresses();
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.changeAddresses();
    this.#inside.close();
  }

  #lineOf(client: RemoteInfo): { send(datagram: Buffer): void } {
    const key = keyOf(client);
    let line = this.#lines.get(key);
    if (!line) {
      line = createSocket('udp4');
      this.#lines.set(key, line);
      line.on('message', (datagram) =>
        this.#pass(datagram, (late) => this.#inside.send(late, client.port, client.address)),
      );
    }
    const { address, port } = this.#target;
    return { send: (datagram) => line.send(datagram, port, address) };
  }

  #pass(datagram: Buffer, deliver: (datagram: Buffer) => void): void {
    const { lossShare, delayMs, jitterMs, cut } = this.network;
    if (cut || this.#random() < lossShare) return;
    const waitMs = delayMs + this.#random() * jitterMs;
    if (waitMs === 0) return deliver(datagram);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (!this.network.cut) deliver(datagram);
    }, waitMs);
    this.#timers.add(timer);
  }
}

const keyOf = ({ address, port }: RemoteInfo): string => `${address}:${port}`;

/** Mulberry32: the same losses in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
