import { HubError } from '../errors.ts';
import { SpreadsheetError } from '../spreadsheet/contract.ts';

/** What a person is told of a file that cannot be read; anything else stays what it was. */
export function refusalOf(error: unknown): unknown {
  if (!(error instanceof SpreadsheetError)) return error;
  return new HubError(`spreadsheet.${error.fault}`, { params: error.params, cause: error });
}
