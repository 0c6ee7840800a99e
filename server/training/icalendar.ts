/** One class in a calendar. Instants are ISO text in UTC. */
export interface CalendarClass {
  id: string;
  title: string;
  startsAt: string;
  endsAt: string;
  place: string | null;
  /** Where the hub shows it. */
  address: string;
}

const LINE_OCTETS = 75;

/** A calendar as RFC 5545 has it: CRLF, lines of 75 octets at most, text escaped. `stampedAt` is when it was made. */
export function writeCalendar(name: string, classes: readonly CalendarClass[], stampedAt: string): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Xiangbo//Training//ZH',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${escapeText(name)}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
    ...classes.flatMap((one) => [
      'BEGIN:VEVENT',
      `UID:${one.id}@xiangbo`,
      `DTSTAMP:${stampOf(stampedAt)}`,
      `DTSTART:${stampOf(one.startsAt)}`,
      `DTEND:${stampOf(one.endsAt)}`,
      `SUMMARY:${escapeText(one.title)}`,
      ...(one.place === null ? [] : [`LOCATION:${escapeText(one.place)}`]),
      `URL:${one.address}`,
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${foldLine(line)}\r\n`).join('');
}

/** `20261125T010000Z` */
function stampOf(instant: string): string {
  return `${new Date(instant).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

function escapeText(text: string): string {
  return text.replace(/[\\;,]/g, (character) => `\\${character}`).replace(/\r\n|\r|\n/g, '\\n');
}

/** Folds by octets and never inside a character; a continuation begins with a space, which counts. */
function foldLine(line: string): string {
  let folded = '';
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > LINE_OCTETS) {
      folded += '\r\n ';
      octets = 1;
    }
    folded += character;
    octets += size;
  }
  return folded;
}
