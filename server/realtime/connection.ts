import type { Socket } from 'socket.io';
import type { Caller } from '../platform/access/actor.ts';
import type { Locale } from '../platform/http/environment.ts';

/** One socket, as the rooms see it. */
export interface Connection {
  /** Changes with every reconnect. */
  readonly id: string;
  readonly locale: Locale;
  /** Puts it into a group that {@link Announce} can speak to. */
  join(group: string): Promise<void>;
  leave(group: string): Promise<void>;
  emit(event: string, payload: unknown): void;
  /** True until the socket is gone. */
  readonly connected: boolean;
}

/** Speaks to every socket of a group, or to one by its id. */
export type Announce = (group: string, event: string, payload: unknown) => void;

/** What the room keeps about a socket between messages. */
export interface SocketData {
  locale: Locale;
  headers: Headers;
  /** As the handshake knew them; each message asks again. */
  caller: Caller;
}

export type HubSocket = Socket<
  Record<string, (...said: unknown[]) => void>,
  Record<string, (payload: unknown) => void>,
  Record<string, never>,
  SocketData
>;

export function connectionOf(socket: HubSocket): Connection {
  return {
    id: socket.id,
    locale: socket.data.locale,
    join: async (group) => socket.join(group),
    leave: async (group) => socket.leave(group),
    emit: (event, payload) => void socket.emit(event, payload),
    get connected() {
      return socket.connected;
    },
  };
}
