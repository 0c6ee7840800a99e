/**
 * The last line of `npm test`, in the form that any CI counts: `N passed, N failed`, with `, N skipped` where tests were.
 * @param {{ passed: number, failed: number }} checks
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   numFailedTestSuites: number } | undefined} results vitest's JSON report; undefined when it wrote none
 * @param {number} exitCode vitest's own
 * @returns {{ line: string, ok: boolean }}
 */
export function closingLine(checks, results, exitCode) {
  const passed = checks.passed + (results?.numPassedTests ?? 0);
  const skipped = (results?.numPendingTests ?? 0) + (results?.numTodoTests ?? 0);
  let failed = checks.failed + (results?.numFailedTests ?? 0);
  // A file that cannot be loaded or an unhandled rejection fails the run without failing a test.
  if (exitCode !== 0 && !results?.numFailedTests) failed += 1;
  const line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  return { line, ok: failed === 0 && passed > 0 };
}
