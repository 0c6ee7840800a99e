const SILENT_TERMINAL_INTERVAL_MS = 10_000;

/**
 * Tells the console what setup is doing: one line per step that has work to do, with the seconds it took.
 * On a terminal the line is rewritten as the step moves on; elsewhere (CI, a log file) a line is added every 10 s.
 * @param {{ write(text: string): unknown, isTTY?: boolean, columns?: number }} stream
 */
export function createProgress(stream) {
  let current;

  function line(text) {
    if (!stream.isTTY) stream.write(`${text}\n`);
    else stream.write(`\r\x1b[K${text.slice(0, (stream.columns ?? 80) - 1)}`);
  }

  /** Shows where the step is (`[12/43]`, `61 %`). Cheap to call often. */
  function detail(text) {
    if (!current) return;
    current.detail = text;
    if (stream.isTTY) line(`  … ${current.title} ${seconds(current.startedAt)} ${text}`);
  }

  /** Runs one step and returns what `work` returns; a failure ends the line and is thrown on. */
  async function step(title, work) {
    current = { title, detail: '', startedAt: performance.now() };
    line(`  … ${title}`);
    const timer = setInterval(
      () => line(`  … ${title} ${seconds(current.startedAt)} ${current.detail}`),
      stream.isTTY ? 1000 : SILENT_TERMINAL_INTERVAL_MS,
    );
    const { startedAt } = current;
    try {
      const result = await work(detail);
      clearInterval(timer);
      line(`  ✓ ${title} ${seconds(startedAt)}`);
      return result;
    } catch (error) {
      line(`  ✗ ${title} ${seconds(startedAt)}`);
      throw error;
    } finally {
      clearInterval(timer);
      if (stream.isTTY) stream.write('\n');
      current = undefined;
    }
  }

  /** A line of its own, for what is worth knowing but is no step. */
  function note(text) {
    stream.write(`  · ${text}\n`);
  }

  return { step, note };
}

function seconds(startedAt) {
  return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
}
