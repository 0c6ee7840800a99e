const LONGEST_WAIT_MS = 10_000;

/** Where the phone is, when its owner allows it; undefined when not, or when it does not know. */
export function readPlace(): Promise<{ latitude: number; longitude: number } | undefined> {
  return new Promise((resolve) => {
    // Old browsers have none on pages without TLS.
    if (!('geolocation' in navigator)) return resolve(undefined);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ latitude: coords.latitude, longitude: coords.longitude }),
      () => resolve(undefined),
      { timeout: LONGEST_WAIT_MS, maximumAge: 60_000 },
    );
  });
}
