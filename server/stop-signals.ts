import { closeInOrder, type ClosingStep } from './platform/close-in-order.ts';

/** A terminal and npm may each deliver the same Ctrl-C: what comes within this time is the same wish. */
const SAME_SIGNAL_MS = 1_000;
/** Longer than a recording takes to be finished, shorter than a supervisor waits before it kills. */
const STEP_LIMIT_MS = 25_000;

/** What a stop closes, in the reverse of the order in which it was opened. */
export interface StopSignals {
  /** True from the first signal on: what fails afterwards fails because of it. */
  readonly stopping: boolean;
  /** Something is open now and must be closed by a stop; at once where the stop was asked for meanwhile. */
  opened(name: string, close: (reason: string) => Promise<unknown> | void): void;
}

/**
 * Listens to SIGTERM and SIGINT from the first moment of a start. The first signal closes what is open by then and
 * ends the process; another one, later than a second, ends it without waiting.
 */
export function listenToStopSignals(report: (error: unknown) => void): StopSignals {
  const open: ((reason: string) => ClosingStep)[] = [];
  let asked: { signal: string; atMs: number } | undefined;

  function stop(signal: string): void {
    if (asked) {
      if (performance.now() - asked.atMs > SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    asked = { signal, atMs: performance.now() };
    const steps = open.toReversed().map((step) => step(signal));
    closeInOrder(steps, STEP_LIMIT_MS).then(
      () => process.exit(0),
      (error: unknown) => {
        report(error);
        process.exit(1);
      },
    );
  }
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));

  return {
    get stopping() {
      return asked !== undefined;
    },
    opened(name, close) {
      open.push((reason) => [name, () => close(reason)]);
    },
  };
}
