import type { ChatMessage } from '../../../server/broadcasts/messages.ts';
import { randomId } from './device-id.ts';

/** What this reader said and the hub has not stored yet. `failed` holds the words of the refusal. */
export interface PendingMessage {
  clientId: string;
  body: string;
  failed: string | null;
}

const KEPT = 500;

/** What was said, in the hub's order and without holes, and what waits to be said. */
export class ChatLog {
  messages = $state.raw<ChatMessage[]>([]);
  pending = $state<PendingMessage[]>([]);

  get lastSeq(): number | undefined {
    return this.messages.at(-1)?.seq;
  }

  /** Takes messages in; those that are known already change nothing. Returns false when some before them are missing. */
  add(incoming: readonly ChatMessage[]): boolean {
    const last = this.lastSeq;
    const known = this.messages.filter(({ seq }) => !incoming.some((message) => message.seq === seq));
    this.messages = [...known, ...incoming].sort((a, b) => a.seq - b.seq).slice(-KEPT);
    this.pending = this.pending.filter(
      ({ clientId }) => !incoming.some((message) => message.clientId === clientId),
    );
    const first = incoming[0];
    return last === undefined || first === undefined || first.seq <= last + 1;
  }

  /** Puts down what is about to be said; it keeps its id through every try. */
  draft(body: string): PendingMessage {
    this.pending.push({ clientId: randomId(), body, failed: null });
    return this.pending.at(-1)!;
  }

  discard(clientId: string): void {
    this.pending = this.pending.filter((message) => message.clientId !== clientId);
  }
}
