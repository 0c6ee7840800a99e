import type { Caller } from '../platform/access/actor.ts';
import { may, type Circumstances } from '../platform/access/decide.ts';
import type { BroadcastView } from './messages.ts';
import { isOpen } from './rules.ts';
import type { BroadcastRow } from './store.ts';

/** A broadcast as a caller sees it. */
export function viewOf(
  row: BroadcastRow,
  caller: Caller,
  about: Circumstances,
  figures: { viewers: number },
): BroadcastView {
  const { ownerAccountId: _, ...shown } = row;
  const open = isOpen(row.state);
  return {
    ...shown,
    ...figures,
    addresses: {
      watch: `/live/${row.id}`,
      hls: `/hls/${row.id}/index.m3u8`,
      sound: `/hls/${row.id}/sound.m3u8`,
    },
    may: {
      publish: open && may(caller, 'broadcast.publish', about),
      end: open && may(caller, 'broadcast.end', about),
      direct: open && may(caller, 'stage.direct', about),
      nameCohosts: open && may(caller, 'cohost.name', about),
      askForFloor: open && caller !== undefined && !about.owner && may(caller, 'stage.ask', about),
      chat: open && caller !== undefined && may(caller, 'chat.send', about),
    },
  };
}
