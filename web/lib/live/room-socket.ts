import { io, type Socket } from 'socket.io-client';
import type { ClientMessages, HubMessages } from '../../../server/broadcasts/messages.ts';
import type { Ack, SocketRefusal } from '../../../server/realtime/messages.ts';

export type RoomSocket = Socket<HubMessages, ClientMessages>;
export type MessageName = keyof ClientMessages;
export type Input<Name extends MessageName> = Parameters<ClientMessages[Name]>[0];
export type Output<Name extends MessageName> = Parameters<ClientMessages[Name]>[1] extends (
  ack: Ack<infer Data>,
) => void
  ? Data
  : never;

const ANSWER_MS = 8_000;

/** The hub heard and refused. */
export class RoomRefused extends Error {
  readonly refusal: SocketRefusal;

  constructor(refusal: SocketRefusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/** Nobody answered: the connection is gone, or will be found to be. */
export class RoomLost extends Error {}

/** A touch that leads nowhere leaves its socket open for so long. */
const SPARE_MS = 5_000;

interface Spare {
  socket: RoomSocket;
  accountId: string | null;
  timer: ReturnType<typeof setTimeout>;
}

let spare: Spare | undefined;

/** Someone is about to enter a room: the socket connects while the page is still being made. */
export function prepareRoomSocket(accountId: string | null): void {
  if (spare?.accountId === accountId) return;
  dropSpare();
  spare = { socket: connect(), accountId, timer: setTimeout(dropSpare, SPARE_MS) };
}

function dropSpare(): void {
  takeSpare()?.socket.disconnect();
}

function takeSpare(): Spare | undefined {
  const taken = spare;
  clearTimeout(taken?.timer);
  spare = undefined;
  return taken;
}

/** A socket to the hub that served this page. It comes back by itself for as long as the page is open. */
export function openRoomSocket(): RoomSocket {
  return takeSpare()?.socket ?? connect();
}

function connect(): RoomSocket {
  return io({
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnectionDelay: 400,
    reconnectionDelayMax: 3_000,
    timeout: 6_000,
  });
}

/** Says a message and waits for what it is acknowledged with. Throws {@link RoomRefused} or {@link RoomLost}. */
export function say<Name extends MessageName>(
  socket: RoomSocket,
  name: Name,
  input: Input<Name>,
): Promise<Output<Name>> {
  return new Promise((resolve, reject) => {
    // Without this check socket.io keeps the message and says it to a room that is not joined yet.
    if (!socket.connected) return reject(new RoomLost(name));
    const timer = setTimeout(() => reject(new RoomLost(name)), ANSWER_MS);
    const acknowledge = (ack: Ack<Output<Name>>) => {
      clearTimeout(timer);
      if (ack.ok) resolve(ack.data);
      else reject(new RoomRefused(ack.error));
    };
    (socket as Socket).emit(name, input, acknowledge);
  });
}
