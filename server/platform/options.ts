import { parseArgs } from 'node:util';
import { EnvironmentError } from './env.ts';

/** What the command line says. */
export interface Options {
  /** Serve the sample prefecture. */
  demo: boolean;
  /** Serve the web from its sources. */
  development: boolean;
}

/** Reads the command line. Throws {@link EnvironmentError} for an option there is none of: a typo must not start another hub. */
export function readOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { demo: { type: 'boolean' }, development: { type: 'boolean' } },
    });
    return { demo: values.demo ?? false, development: values.development ?? false };
  } catch (error) {
    const message = error instanceof Error ? error.message.split('. To ')[0] : String(error);
    throw new EnvironmentError(`${message}. Known options: --demo, --development`, { cause: error });
  }
}
