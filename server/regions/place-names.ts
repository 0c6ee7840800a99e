/** A place as it is looked up by name. */
export interface NamedPlace {
  code: string;
  name: string;
  parentCode: string | null;
}

/** The peoples that autonomous places of Yunnan are named after. */
const PEOPLE =
  '(?:彝|白|哈尼|壮|傣|苗|傈僳|回|拉祜|佤|纳西|瑶|景颇|藏|布朗|布依|普米|阿昌|怒|基诺|蒙古|德昂|水|满|独龙)族';
const SUFFIX = new RegExp(
  `(村民委员会|社区居民委员会|居民委员会|村委会|居委会|社区|行政村|村|街道办事处|街道|镇|(${PEOPLE})*乡|(${PEOPLE})+自治县|县|市)$`,
);

/** A name without what offices write or leave out: 勐戛镇, 勐戛; 三角岩村委会, 三角岩村, 三角岩. */
export function plainPlaceName(name: string): string {
  const plain = name.normalize('NFKC').replace(/\s+/g, '');
  const bare = plain.replace(SUFFIX, '');
  // 新村, 江东 … : what is left of a name must still be one.
  return bare.length >= 2 ? bare : plain;
}

export type PlaceFault = 'unknown' | 'ambiguous';

/** The one place of a name among these; an equal name wins over an alike one. */
export function findPlace<Place extends NamedPlace>(
  places: readonly Place[],
  name: string,
): Place | PlaceFault {
  const exact = places.filter((place) => place.name === name);
  const alike =
    exact.length > 0 ? exact : places.filter((place) => plainPlaceName(place.name) === plainPlaceName(name));
  if (alike.length === 1) return alike[0]!;
  return alike.length === 0 ? 'unknown' : 'ambiguous';
}
