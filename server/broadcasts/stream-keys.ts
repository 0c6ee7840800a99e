import { randomBytes } from 'node:crypto';
import { audit } from '../platform/audit.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/open.ts';
import { HubError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Vault } from '../platform/vault.ts';
import { endStreamKey, findKeyOf, insertStreamKey, type KeyHolder } from './stream-key-store.ts';

/** 32 characters of base64url: what phones' keyboards and RTMP addresses carry unchanged. */
const KEY_BYTES = 24;

/** What an encoder is set to. The key itself is shown once. */
export interface NewStreamKey {
  key: string;
  /** The server's address, without the key. */
  url: string;
  createdAt: string;
}

export function hashStreamKey(vault: Vault, key: string): string {
  return vault.hash('stream-key', key);
}

/** Makes, changes and takes back stream keys. Who may is asked before. */
export function openStreamKeys(parts: {
  db: Database;
  clock: Clock;
  vault: Vault;
  /** Null where no encoders are received by RTMP. */
  rtmpPort: number | null;
  /** The name or address encoders reach the hub at, where it is not the one its pages are asked for by. */
  rtmpHost: string | undefined;
  /** The key is void: whoever publishes with it is sent away. */
  onEnded: (keyId: string) => void;
}) {
  const { db, clock, vault, rtmpPort } = parts;

  /** `askedHost`: the name by which the person's page reached the hub. */
  function addressFor(askedHost: string): string | null {
    if (rtmpPort === null) return null;
    const host = parts.rtmpHost ?? askedHost;
    return `rtmp://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${rtmpPort}/live`;
  }

  return {
    addressFor,

    /** When the holder's key was made, or null. */
    madeAt: async (holder: KeyHolder) => (await findKeyOf(db, holder))?.createdAt ?? null,

    /** Makes a key, which ends the one before: an encoder that publishes with that is cut off. Throws `media.unavailable`. */
    async make(holder: KeyHolder, askedHost: string): Promise<NewStreamKey> {
      const url = addressFor(askedHost);
      if (url === null)
        throw new HubError('media.unavailable', {
          message: 'Encoders are not received here: RTMP_PORT is off',
        });
      const key = randomBytes(KEY_BYTES).toString('base64url');
      const createdAt = instant(clock.now());
      const id = newId<'stream-key'>();
      const ended = await db.transaction(async (tx) => {
        const before = await endStreamKey(tx, holder, createdAt);
        await insertStreamKey(tx, {
          ...{ id, ...holder, createdAt },
          keyHash: hashStreamKey(vault, key),
          endedAt: null,
        });
        await audit(tx, clock, {
          actorAccountId: holder.accountId,
          action: before === undefined ? 'stream-key.make' : 'stream-key.change',
          objectKind: 'stream-key',
          objectId: id,
          detail: { broadcastId: holder.broadcastId },
        });
        return before;
      });
      if (ended !== undefined) parts.onEnded(ended);
      return { key, url, createdAt };
    },

    /** Takes the holder's key back. Throws `not-found` where there is none. */
    async revoke(holder: KeyHolder): Promise<void> {
      const ended = await db.transaction(async (tx) => {
        const id = await endStreamKey(tx, holder, instant(clock.now()));
        if (id === undefined) throw new HubError('not-found', { message: 'There is no stream key' });
        await audit(tx, clock, {
          actorAccountId: holder.accountId,
          action: 'stream-key.revoke',
          objectKind: 'stream-key',
          objectId: id,
          detail: { broadcastId: holder.broadcastId },
        });
        return id;
      });
      parts.onEnded(ended);
    },
  };
}
