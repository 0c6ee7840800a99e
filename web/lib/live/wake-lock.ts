/** Keeps the screen on while a class is taught. Phones that cannot are left as they are. */
export function keepScreenOn(): { close(): void } {
  let sentinel: WakeLockSentinel | undefined;
  let closed = false;
  /** The system takes it back whenever the page is hidden. */
  function ask(): void {
    if (closed || document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    navigator.wakeLock.request('screen').then(
      (given) => {
        if (closed) void given.release();
        else sentinel = given;
      },
      (error: unknown) => console.info('The screen may go dark', error),
    );
  }
  document.addEventListener('visibilitychange', ask);
  ask();
  return {
    close() {
      closed = true;
      document.removeEventListener('visibilitychange', ask);
      void sentinel?.release();
    },
  };
}
