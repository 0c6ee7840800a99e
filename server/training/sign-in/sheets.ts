import { randomInt } from 'node:crypto';
import type { Caller } from '../../platform/access/actor.ts';
import { actorWhoMay, ensureMay } from '../../platform/access/decide.ts';
import { audit } from '../../platform/audit.ts';
import { instant, type Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/open.ts';
import { fieldError, HubError } from '../../platform/errors.ts';
import { receive, type Incoming } from '../../platform/http/incoming.ts';
import { newId } from '../../platform/ids.ts';
import { acceptPicture } from '../../platform/pictures/accept-picture.ts';
import type { Regions } from '../../regions/service.ts';
import type { PeopleDesk } from '../ports.ts';
import { circumstancesOf, requireRun } from '../runs.ts';
import { listActiveEnrolments } from '../store/enrolments.ts';
import { findSession, type RunRow, type SessionRow } from '../store/runs.ts';
import {
  findSheet,
  findSheetPhoto,
  insertSheet,
  listSheetPhotos,
  listSheets,
  putSheetPhoto,
  type SheetPhotoRow,
  type SheetRow,
} from '../store/sheets.ts';
import { listSigningsIn, type SigningRow } from '../store/signings.ts';
import type { SigningKind } from './code.ts';
import { ensureOpen } from './ensure-open.ts';
import { openPhotoFiles } from './photo-files.ts';
import { recordSignings, type NewSigning, type SigningResult } from './record-signings.ts';

/** Letters that nobody takes for one another when a code is read off paper. */
const CODE_LETTERS = 'ABCDEFGHJKMNPQRTUVWXY346789';
const CODE_LENGTH = 8;
/** A class of more is split into runs: a sheet is looked through by eye. */
const LONGEST_SHEET = 500;

/** A line of a sheet. The number on the paper says whom a signature is of. */
export interface SheetLine {
  number: number;
  personId: string;
  /** Masked. */
  name: string;
  regionName: string | null;
  signedInAt: string | null;
  signedOutAt: string | null;
  /** Another method has marked them already, or the sheet has. */
  signedBy: SigningRow['method'] | null;
}

/** A sheet as it is printed, and what was entered from it. */
export interface SheetPage {
  code: string;
  printedAt: string;
  session: {
    id: string;
    runId: string;
    title: string;
    startsAt: string;
    endsAt: string;
    place: string | null;
  };
  asksSignOut: boolean;
  runTitle: string;
  regionName: string;
  lines: SheetLine[];
  photos: SheetPhoto[];
  /** Other sheets that were printed of this session. */
  others: { code: string; printedAt: string }[];
}

export interface SheetPhoto {
  id: string;
  sha256: string;
  takenInAt: string;
}

/** What the paper says of one line; times are the session's own where nothing else is known. */
export interface SheetMark {
  number: number;
  signedIn: boolean;
  signedOut: boolean;
}

interface SheetParts {
  db: Database;
  clock: Clock;
  people: PeopleDesk;
  regions: Regions;
  sheetsDir: string;
}

/** Sheets of paper: printed by the hub, signed by hand, photographed, and entered with the photo as evidence. */
export function openSheets(parts: SheetParts) {
  const { db, clock, people, regions } = parts;
  const files = openPhotoFiles(parts.sheetsDir);

  async function requireSession(id: string): Promise<{ session: SessionRow; run: RunRow }> {
    const session = await findSession(db, id);
    if (!session) throw new HubError('not-found');
    return { session, run: await requireRun(db, session.runId) };
  }

  async function requireSheet(code: string) {
    const sheet = await findSheet(db, code);
    if (!sheet) throw new HubError('not-found');
    return { sheet, ...(await requireSession(sheet.sessionId)) };
  }

  async function showSheet(sheet: SheetRow, session: SessionRow, run: RunRow): Promise<SheetPage> {
    const [persons, signings, photos, sheets] = await Promise.all([
      people.describePersons(sheet.personIds),
      listSigningsIn(db, session.id, sheet.personIds),
      listSheetPhotos(db, sheet.id),
      listSheets(db, session.id),
    ]);
    const homes = [...persons.values()].map((person) => person.homeRegionCode);
    const places = await regions.regionsOf([run.regionCode, ...homes]);
    const lines = sheet.personIds.map((personId, index): SheetLine => {
      const person = persons.get(personId);
      const own = signings.filter((row) => row.personId === personId);
      const signedIn = own.find((row) => row.kind === 'in');
      return {
        number: index + 1,
        personId,
        name: person?.displayName ?? '***',
        regionName: (person && places.get(person.homeRegionCode)?.name) ?? null,
        signedInAt: signedIn?.signedAt ?? null,
        signedOutAt: own.find((row) => row.kind === 'out')?.signedAt ?? null,
        signedBy: signedIn?.method ?? null,
      };
    });
    const { id, runId, title, startsAt, endsAt, place } = session;
    return {
      code: sheet.code,
      printedAt: sheet.printedAt,
      session: { id, runId, title, startsAt, endsAt, place },
      asksSignOut: session.asksSignOut,
      runTitle: run.title,
      regionName: places.get(run.regionCode)!.name,
      lines,
      photos: photos.map(asPhoto),
      others: sheets
        .filter((other) => other.id !== sheet.id)
        .map(({ code, printedAt }) => ({ code, printedAt })),
    };
  }

  return {
    /** A sheet of everyone enrolled now; enrolment unchanged, the one that was printed last. */
    async printSheet(caller: Caller, sessionId: string): Promise<SheetPage> {
      const { session, run } = await requireSession(sessionId);
      const actor = actorWhoMay(caller, 'attendance.take', circumstancesOf(run, caller));
      const sheet = await db.transaction(async (tx) => {
        const enrolled = await listActiveEnrolments(tx, run.id, { limit: LONGEST_SHEET, offset: 0 });
        const personIds = enrolled.map((row) => row.personId);
        const [latest] = await listSheets(tx, sessionId);
        if (latest && latest.personIds.join() === personIds.join()) return latest;
        const row: SheetRow = {
          id: newId<'sheet'>(),
          code: newCode(),
          sessionId,
          personIds,
          printedAt: instant(clock.now()),
          printedBy: actor.accountId,
        };
        await insertSheet(tx, row);
        await audit(tx, clock, {
          actorAccountId: actor.accountId,
          action: 'session.print-sheet',
          objectKind: 'sheet',
          objectId: row.id,
          regionCode: run.regionCode,
          detail: { sessionId, people: personIds.length },
        });
        return row;
      });
      return showSheet(sheet, session, run);
    },

    /** Finds a sheet by the code at its foot. */
    async readSheet(caller: Caller, code: string): Promise<SheetPage> {
      const { sheet, session, run } = await requireSheet(code);
      ensureMay(caller, 'attendance.take', circumstancesOf(run, caller));
      return showSheet(sheet, session, run);
    },

    /** Takes a photo of the signed sheet in; the same one twice is once. Throws `picture.unsupported`, `picture.too-large`. */
    async addSheetPhoto(caller: Caller, code: string, photo: Incoming): Promise<SheetPhoto> {
      const { sheet, run } = await requireSheet(code);
      const actor = actorWhoMay(caller, 'attendance.take', circumstancesOf(run, caller));
      const picture = acceptPicture(await receive(photo));
      await files.keep(picture.sha256, picture.bytes);
      return db.transaction(async (tx) => {
        const row: SheetPhotoRow = {
          id: newId<'sheet-photo'>(),
          sheetId: sheet.id,
          mediaType: picture.mediaType,
          sizeBytes: picture.bytes.length,
          sha256: picture.sha256,
          takenInAt: instant(clock.now()),
          takenInBy: actor.accountId,
        };
        const standing = await putSheetPhoto(tx, row);
        if (standing.id === row.id)
          await audit(tx, clock, {
            actorAccountId: actor.accountId,
            action: 'sheet.add-photo',
            objectKind: 'sheet',
            objectId: sheet.id,
            regionCode: run.regionCode,
            detail: { sha256: row.sha256, sizeBytes: row.sizeBytes },
          });
        return asPhoto(standing);
      });
    },

    /** The photo behind what was entered from paper: for the trainer, officials and auditors. */
    async readSheetPhoto(
      caller: Caller,
      photoId: string,
    ): Promise<{ bytes: Buffer; mediaType: SheetPhotoRow['mediaType'] }> {
      const found = await findSheetPhoto(db, photoId);
      if (!found) throw new HubError('not-found');
      const { run } = await requireSession(found.sessionId);
      ensureMay(caller, 'run.roster', circumstancesOf(run, caller));
      return { bytes: await files.read(found.photo.sha256), mediaType: found.photo.mediaType };
    },

    /** Enters what a photographed sheet says. Not before the session opens; who signed otherwise stays as they are. */
    async enterSheet(
      caller: Caller,
      code: string,
      input: { photoId: string; marks: SheetMark[] },
    ): Promise<SheetPage> {
      const { sheet, session, run } = await requireSheet(code);
      const actor = actorWhoMay(caller, 'attendance.take', circumstancesOf(run, caller));
      const photo = await findSheetPhoto(db, input.photoId);
      if (photo?.photo.sheetId !== sheet.id)
        throw fieldError('photoId', 'unknown', 'There is no such photo of this sheet');
      const nowAt = instant(clock.now());
      const signingsOf = (kind: SigningKind, at: string): NewSigning[] =>
        input.marks.flatMap((mark, index) => {
          const personId = sheet.personIds[mark.number - 1];
          if (personId === undefined)
            throw fieldError(`marks.${index}.number`, 'unknown', 'The sheet has no such line');
          if (!(kind === 'in' ? mark.signedIn : mark.signedOut)) return [];
          const signedAt = at < nowAt ? at : nowAt;
          return [
            {
              ...{ personId, kind, signedAt, method: 'paper' as const },
              recordedBy: actor.accountId,
              sheetPhotoId: input.photoId,
            },
          ];
        });
      const ins = signingsOf('in', session.startsAt);
      const outs = signingsOf('out', session.endsAt);
      for (const [kind, signings] of [
        ['in', ins],
        ['out', outs],
      ] as const) {
        const personIds = signings.map((one) => one.personId);
        if (personIds.length > 0) await ensureOpen(parts, session, kind, clock.now(), personIds);
      }
      await db.transaction(async (tx) => {
        const results: SigningResult[] = [];
        if (ins.length > 0) results.push(...(await recordSignings(tx, clock, session, 'in', ins)));
        if (outs.length > 0) results.push(...(await recordSignings(tx, clock, session, 'out', outs)));
        await audit(tx, clock, {
          actorAccountId: actor.accountId,
          action: 'sheet.enter',
          objectKind: 'sheet',
          objectId: sheet.id,
          regionCode: run.regionCode,
          detail: {
            photoId: input.photoId,
            signed: results.filter((result) => result.outcome === 'signed').length,
          },
        });
      });
      return showSheet(sheet, session, run);
    },
  };
}

function asPhoto({ id, sha256, takenInAt }: SheetPhotoRow): SheetPhoto {
  return { id, sha256, takenInAt };
}

function newCode(): string {
  const letters = Array.from({ length: CODE_LENGTH }, () => CODE_LETTERS[randomInt(CODE_LETTERS.length)]);
  return letters.join('');
}
