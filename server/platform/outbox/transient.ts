/** What a database refuses for a while, whatever it is asked: locked, full, or a disk that does not answer. */
const PASSING = /^(database\.busy|SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|PROTOCOL|NOMEM))/;

/** True when the same work may succeed later without anybody's doing: the error, or a cause of it, is the database's. */
export function isTransient(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if ('code' in at && typeof at.code === 'string' && PASSING.test(at.code)) return true;
  return false;
}
