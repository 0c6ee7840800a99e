import { z } from 'zod';

/** Which page of a list is asked for, in a query: 1 is the first. */
export const pageQuery = z.object({ page: z.coerce.number().int().min(1).max(100_000).default(1) });

/** A page of a list: `page` of `pageCount`, of `total` things. */
export interface Page<Thing> {
  items: Thing[];
  page: number;
  pageCount: number;
  total: number;
}

/** Puts the things of one page beside the figures a pager needs. An empty list has one empty page. */
export function pageOf<Thing>(items: Thing[], page: number, pageSize: number, total: number): Page<Thing> {
  return { items, page, pageCount: Math.max(1, Math.ceil(total / pageSize)), total };
}
