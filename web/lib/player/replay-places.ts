const KEY = 'xiangbo_places';
const MOST_PLACES = 60;
/** So near the beginning or the end there is nothing to go on with. */
const LEAST_SECONDS = 10;
const END_SECONDS = 15;

/** Where replays were left, by broadcast, the latest last. */
export type Places = Record<string, number>;

/** The places with this one: taken out where the replay was only begun or is over, the oldest dropped beyond sixty. */
export function withPlace(places: Places, id: string, seconds: number, lengthSeconds: number): Places {
  const others = Object.entries(places).filter(([other]) => other !== id);
  const isWorth = seconds >= LEAST_SECONDS && seconds < lengthSeconds - END_SECONDS;
  const kept = isWorth ? [...others, [id, Math.floor(seconds)] as const] : others;
  return Object.fromEntries(kept.slice(-MOST_PLACES));
}

function readPlaces(): Places {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof kept === 'object' && kept !== null ? (kept as Places) : {};
  } catch (error) {
    console.info('This browser keeps nothing between pages', error);
    return {};
  }
}

/** Where this device left that replay, in seconds. */
export function readPlace(id: string): number | undefined {
  const seconds = readPlaces()[id];
  return typeof seconds === 'number' && seconds > 0 ? seconds : undefined;
}

export function keepPlace(id: string, seconds: number, lengthSeconds: number): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(withPlace(readPlaces(), id, seconds, lengthSeconds)));
  } catch (error) {
    console.info('This browser keeps nothing between pages', error);
  }
}
