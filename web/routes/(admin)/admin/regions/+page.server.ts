import { error, redirect } from '@sveltejs/kit';
import { signInAddress } from '#lib/api/ask.ts';
import { readRegions, regionsOf } from '#lib/identity/regions.ts';
import type { PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const { session } = event.locals;
  if (!session) redirect(303, signInAddress(event.url));
  if (!session.sections.administration) error(403);
  const all = await readRegions(event);
  const own = regionsOf(all, session, ['administrator']);
  const counties = own.filter(({ level }) => level === 'county');
  return {
    groups: all
      .filter(({ level }) => level === 'prefecture')
      .map(({ code, name }) => ({
        code,
        name,
        counties: counties
          .filter((county) => county.parentCode === code)
          .map((county) => ({
            code: county.code,
            name: county.name,
            townships: own.filter(({ parentCode }) => parentCode === county.code).length,
          })),
      }))
      .filter((group) => group.counties.length > 0),
  };
};
