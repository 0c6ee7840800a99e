import { subtreePrefix, type Actor } from '../platform/access/actor.ts';
import { ACCESS } from '../platform/access/table.ts';
import { newId } from '../platform/ids.ts';
import type { BroadcastRow } from './store.ts';

/** What someone gives to plan a broadcast. `scheduledFor` is an ISO instant. */
export interface NewBroadcast {
  title: string;
  kind: 'class' | 'sale';
  regionCode?: string;
  scheduledFor?: string;
  /** Default: members for a class, public for a sale. */
  visibility?: 'public' | 'members';
  /** Whether the same account's second encoder or page takes the air from the first (the default), or is refused. */
  secondPublisher?: 'take-over' | 'refuse';
}

/**
 * The region a broadcast is held for where none is named: that of the caller's first role which may hold one.
 * Undefined for someone who may hold one anywhere.
 */
export function ownRegion(actor: Actor): string | undefined {
  const roles: readonly string[] = ACCESS['broadcast.create'].roles;
  return actor.grants.find((g) => roles.includes(g.role) && subtreePrefix(g.regionCode) !== '')?.regionCode;
}

/** The row of a broadcast that is planned and has not begun. */
export function plannedRow(
  input: NewBroadcast & { regionCode: string },
  ownerAccountId: string,
  createdAt: string,
): BroadcastRow {
  return {
    id: newId<'broadcast'>(),
    title: input.title,
    kind: input.kind,
    state: 'scheduled',
    visibility: input.visibility ?? (input.kind === 'class' ? 'members' : 'public'),
    secondPublisher: input.secondPublisher ?? 'take-over',
    regionCode: input.regionCode,
    ownerAccountId,
    createdAt,
    scheduledFor: input.scheduledFor ?? null,
    liveAt: null,
    interruptedAt: null,
    endedAt: null,
    endReason: null,
    recordedMs: 0,
    picturedAt: null,
    trimStartMs: null,
    trimEndMs: null,
    holdReason: null,
    recordingRemovedAt: null,
  };
}
