import { load } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { m } from '#lib/paraglide/messages.js';
import type { Session } from '#lib/api/session.ts';

type Event = Parameters<typeof apiOf>[0] & { url: URL };

export interface Region {
  code: string;
  name: string;
  level: 'prefecture' | 'county' | 'township' | 'village';
  parentCode: string | null;
}

/** The hub as a whole, for which the first administrator is appointed; no region of the map. */
export const EVERYWHERE = '000000';

/** All regions, ordered by code, each after its parent. Stays on the server: pages are sent only what they show. */
export async function readRegions(event: Event): Promise<Region[]> {
  return (await load(apiOf(event).api.regions.$get({ query: {} }), event)).regions;
}

/** `芒市 · 遮放镇 · 户弄村`: from the county down, which is how people say where they are from. */
export function nameRegion(regions: readonly Region[], code: string): string {
  if (code === EVERYWHERE) return m.identity_everywhere();
  const byCode = new Map(regions.map((region) => [region.code, region]));
  const names: string[] = [];
  for (let at = byCode.get(code); at; at = at.parentCode ? byCode.get(at.parentCode) : undefined) {
    if (at.level !== 'prefecture' || names.length === 0) names.unshift(at.name);
  }
  return names.length > 0 ? names.join(' · ') : code;
}

/** True when `code` lies in `outer` or is it; a prefecture's or county's code of six digits ends in zeros for its subtree. */
export function liesIn(code: string, outer: string): boolean {
  return code.startsWith(outer.length > 6 ? outer : outer.replace(/(00)+$/, ''));
}

/** The regions in which the session holds one of the roles. */
export function regionsOf(regions: readonly Region[], session: Session, roles: readonly string[]): Region[] {
  const held = session.grants.filter((grant) => roles.includes(grant.role));
  return regions.filter((region) => held.some((grant) => liesIn(region.code, grant.regionCode)));
}

/** Choices of a Select, named in full. */
export function regionOptions(
  all: readonly Region[],
  offered: readonly Region[] = all,
): { value: string; label: string }[] {
  return offered.map((region) => ({ value: region.code, label: nameRegion(all, region.code) }));
}
