import type { ZodType } from 'zod';
import type { Caller } from '../platform/access/actor.ts';
import { DOORS } from '../platform/access/doors.ts';
import type { Connection } from './connection.ts';

/** A message that sockets may send: its schema, and the verb behind it. What the verb returns is the acknowledgement. */
export interface SocketMessage<Input = unknown> {
  name: string;
  schema: ZodType<Input>;
  handle(from: Connection, caller: Caller, input: Input): Promise<unknown>;
}

/** The key under which a message stands in `DOORS`. */
export function socketDoor(name: string): string {
  return `socket ${name}`;
}

/** Pairs a schema with its verb; the type of the input follows from the schema. */
export function socketMessage<Input>(
  name: string,
  schema: ZodType<Input>,
  handle: (from: Connection, caller: Caller, input: Input) => Promise<unknown>,
): SocketMessage {
  return { name, schema, handle: (from, caller, input) => handle(from, caller, input as Input) };
}

/** Every message of the hub. Throws for one without a rule in the access table, and for a name taken twice. */
export class MessageRegistry {
  readonly #messages = new Map<string, SocketMessage>();

  add(messages: readonly SocketMessage[]): void {
    for (const message of messages) {
      if (!DOORS[socketDoor(message.name)])
        throw new Error(`${socketDoor(message.name)} has no rule in the access table`);
      if (this.#messages.has(message.name)) throw new Error(`${message.name} is registered twice`);
      this.#messages.set(message.name, message);
    }
  }

  get(name: string): SocketMessage | undefined {
    return this.#messages.get(name);
  }

  names(): string[] {
    return [...this.#messages.keys()];
  }
}
