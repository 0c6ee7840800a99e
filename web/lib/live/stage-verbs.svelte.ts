import { m } from '#lib/paraglide/messages.js';
import { RoomRefused, type Input, type MessageName } from './room-socket.ts';
import type { Room } from './room.svelte.ts';

/** Says what concerns the stage: one thing at a time, and in words what became of it where it was refused. */
export class StageVerbs {
  busy = $state(false);
  refusal = $state<string | null>(null);
  readonly #room: Room;

  constructor(room: Room) {
    this.#room = room;
  }

  /** Why nothing can be done now, or null. */
  get obstacle(): string | null {
    return this.#room.state === 'in' ? null : m.live_stage_away();
  }

  async say<Name extends MessageName>(name: Name, input: Input<Name>): Promise<void> {
    this.busy = true;
    this.refusal = null;
    try {
      await this.#room.say(name, input);
    } catch (error) {
      console.info('The stage was not changed', error);
      this.refusal = error instanceof RoomRefused ? error.refusal.sentence : m.live_stage_not_heard();
    } finally {
      this.busy = false;
    }
  }
}
