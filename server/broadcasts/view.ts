import type { Caller } from '../platform/access/actor.ts';
import { may, type Circumstances } from '../platform/access/decide.ts';
import type { BroadcastView } from './messages.ts';
import { isOpen } from './rules.ts';
import type { BroadcastRow } from './store.ts';
import { replayMsOf } from './trim.ts';

/** A broadcast as a caller sees it. */
export function viewOf(
  row: BroadcastRow,
  caller: Caller,
  about: Circumstances,
  figures: { viewers: number },
): BroadcastView {
  const { ownerAccountId: _, trimStartMs: _start, trimEndMs: _end, holdReason: _hold, ...shown } = row;
  const open = isOpen(row.state);
  const kept = row.state === 'replay' && row.recordingRemovedAt === null;
  return {
    ...shown,
    ...figures,
    replayMs: replayMsOf(row),
    addresses: {
      watch: `/live/${row.id}`,
      hls: `/hls/${row.id}/index.m3u8`,
      sound: `/hls/${row.id}/sound.m3u8`,
      thumbnail: row.picturedAt === null ? null : `/api/broadcasts/${row.id}/thumbnail.jpg`,
    },
    may: {
      publish: open && may(caller, 'broadcast.publish', about),
      end: open && may(caller, 'broadcast.end', about),
      direct: open && may(caller, 'stage.direct', about),
      nameCohosts: open && may(caller, 'cohost.name', about),
      askForFloor: open && caller !== undefined && !about.owner && may(caller, 'stage.ask', about),
      download: kept && may(caller, 'broadcast.download', about),
      trim: kept && may(caller, 'broadcast.trim', about),
      chat: open && caller !== undefined && may(caller, 'chat.send', about),
    },
  };
}
