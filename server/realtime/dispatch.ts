import type { Caller } from '../platform/access/actor.ts';
import type { Budget } from '../platform/budget.ts';
import { HubError } from '../platform/errors.ts';
import { ensureDoor } from '../platform/http/doorkeeper.ts';
import type { Authenticator } from '../platform/http/identify.ts';
import type { Logger } from '../platform/log.ts';
import { connectionOf, type HubSocket } from './connection.ts';
import type { Ack } from './messages.ts';
import { refuse } from './refuse.ts';
import { socketDoor, type MessageRegistry } from './registry.ts';

/** Parses one message, asks who sends it and whether they may, runs its verb and acknowledges it. */
export async function dispatch(
  socket: HubSocket,
  said: { name: string; input: unknown },
  tools: { registry: MessageRegistry; budget: Budget; authenticator: Authenticator; log: Logger },
): Promise<Ack<unknown>> {
  try {
    await tools.budget.spend(socket.id);
    const message = tools.registry.get(said.name);
    if (!message) throw new HubError('not-found', { message: `There is no message ${said.name}` });
    const caller = await callerStill(socket, tools.authenticator);
    ensureDoor(socketDoor(said.name), caller);
    const parsed = message.schema.safeParse(said.input);
    if (!parsed.success) throw invalid(parsed.error.issues);
    return { ok: true, data: (await message.handle(connectionOf(socket), caller, parsed.data)) ?? null };
  } catch (thrown) {
    const error = refuse(thrown, socket.data.locale, tools.log, said.name);
    if (thrown instanceof SessionOver) cutOff(socket, error);
    return { ok: false, error };
  }
}

/** The sign-in a socket was opened with has ended: nothing more is taken from it. */
class SessionOver extends HubError {
  constructor(cause?: unknown) {
    super('auth.expired', { message: 'The sign-in of this socket is over', cause });
  }
}

/**
 * Who is behind the socket now. Throws when the sign-in that opened it is over: a revoked session is cut at its next
 * message, and the sweep (service.ts) sends one in its name.
 */
export async function callerStill(socket: HubSocket, authenticator: Authenticator): Promise<Caller> {
  const before = socket.data.caller;
  if (!before) return undefined;
  const { caller } = await authenticator.identify(socket.data.headers).catch((error: unknown) => {
    if (error instanceof HubError && error.code === 'auth.expired') throw new SessionOver(error);
    throw error;
  });
  if (caller?.accountId !== before.accountId) throw new SessionOver();
  socket.data.caller = caller;
  return caller;
}

/** Ends the socket when its sign-in is over. */
export async function cutIfOver(
  socket: HubSocket,
  { authenticator, log }: { authenticator: Authenticator; log: Logger },
): Promise<void> {
  try {
    await callerStill(socket, authenticator);
  } catch (thrown) {
    if (!(thrown instanceof SessionOver)) throw thrown;
    cutOff(socket, refuse(thrown, socket.data.locale, log, 'session'));
  }
}

function cutOff(socket: HubSocket, error: ReturnType<typeof refuse>): void {
  socket.emit('session:ended', error);
  // After the acknowledgement of the message that found it out.
  setImmediate(() => socket.disconnect(true));
}

function invalid(issues: readonly { path: PropertyKey[]; code: string; message: string }[]): HubError {
  return new HubError('input.invalid', {
    message: 'The message is not valid',
    fields: issues.map(({ path, code, message }) => ({
      path: path.map(String).join('.'),
      rule: code,
      message,
    })),
  });
}
