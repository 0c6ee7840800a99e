/** How clients name their simulcast streams, from the smallest picture to the largest. */
const KNOWN_NAMES = [
  ['q', 'h', 'f'],
  ['l', 'm', 'h'],
  ['lo', 'mi', 'hi'],
  ['low', 'mid', 'high'],
  ['low', 'medium', 'high'],
  ['r0', 'r1', 'r2'],
  // OBS numbers them from the largest.
  ['2', '1', '0'],
];

/**
 * Simulcast streams from the smallest picture to the largest, as the SFU wants them. The offer does not say it: names
 * that are known to mean it decide, otherwise the order of the offer, which browsers' pages write smallest first.
 */
export function orderRids(rids: readonly string[]): string[] {
  const names = KNOWN_NAMES.find((known) => rids.every((rid) => known.includes(rid)));
  if (!names) return [...rids];
  return [...rids].sort((a, b) => names.indexOf(a) - names.indexOf(b));
}
