interface Connection extends EventTarget {
  saveData?: boolean;
  effectiveType?: string;
}
const connection = (): Connection | undefined =>
  (navigator as Navigator & { connection?: Connection }).connection;

/** Calls when the device says that it has another network, or one again. */
export function onNetworkChange(changed: () => void): { close(): void } {
  const told = connection();
  window.addEventListener('online', changed);
  told?.addEventListener('change', changed);
  return {
    close() {
      window.removeEventListener('online', changed);
      told?.removeEventListener('change', changed);
    },
  };
}

/** The reader asked the device to save data, or it knows that its network is of the slowest. */
export function wantsLittleData(): boolean {
  const told = connection();
  return told?.saveData === true || told?.effectiveType === '2g' || told?.effectiveType === 'slow-2g';
}
