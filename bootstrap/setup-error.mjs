/**
 * Something the person at the console has to know or do. Printed as it is, without a stack.
 * `command`, where given, is the exact command that puts it right.
 */
export class SetupError extends Error {
  /** @param {string} message @param {{ command?: string, cause?: unknown }} [options] */
  constructor(message, options = {}) {
    super(message, { cause: options.cause });
    this.name = 'SetupError';
    this.command = options.command;
  }
}
