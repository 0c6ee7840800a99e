import { afterEach, beforeEach } from 'vitest';

/** What console.warn and console.error said during the running test. A test that expects noise empties it. */
export const consoleNoise: string[] = [];

const { warn, error } = console;
beforeEach(() => {
  consoleNoise.length = 0;
  for (const [level, print] of [
    ['warn', warn],
    ['error', error],
  ] as const) {
    console[level] = (...said: unknown[]) => {
      consoleNoise.push(`console.${level}: ${said.map(String).join(' ')}`);
      print.apply(console, said);
    };
  }
});

afterEach(() => {
  Object.assign(console, { warn, error });
  const said = consoleNoise.splice(0);
  if (said.length > 0) throw new Error(`The test passed over noise on the console:\n${said.join('\n')}`);
});
