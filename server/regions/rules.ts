export type RegionLevel = 'prefecture' | 'county' | 'township' | 'village';

/** GB/T 2260 and GB/T 10114: each level's code continues its parent's. */
const CODE_DIGITS: Record<RegionLevel, number> = { prefecture: 6, county: 6, township: 9, village: 12 };

const CHILD_LEVEL: Partial<Record<RegionLevel, RegionLevel>> = { county: 'township', township: 'village' };

/** Why a new region does not fit under its parent, or undefined when it does. Only townships and villages are added by hand. */
export function faultOfNewRegion(
  code: string,
  parent: { code: string; level: RegionLevel },
): 'parent-level' | 'digits' | 'prefix' | undefined {
  const level = childLevel(parent.level);
  if (!level) return 'parent-level';
  if (code.length !== CODE_DIGITS[level]) return 'digits';
  return code.startsWith(parent.code) ? undefined : 'prefix';
}

/** The level that is added under a level, if any. */
export function childLevel(level: RegionLevel): RegionLevel | undefined {
  return CHILD_LEVEL[level];
}
