import type { Circumstances } from '../../server/platform/access/decide.ts';
import type { AskerKind } from './callers.ts';
import type { World } from './world.ts';

/** One request at a door. */
export interface ExampleRequest {
  /** Fills `:name` of the route's path. */
  params?: Record<string, string>;
  query?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** How to knock at a door, and what the table should know about the thing behind it. */
export interface Example {
  /**
   * What is true of the thing for this asker. Left out: the door knows no region (a list that narrows itself).
   * `COUNTY_THING` for most.
   */
  about?(world: World, asker: AskerKind): Circumstances;
  /** Made anew for each asker who may; the refused, and those who only read, share one. */
  request?(world: World, asker: AskerKind): ExampleRequest | Promise<ExampleRequest>;
  /** The door ends sessions, and tokens too: everyone comes with fresh ones afterwards. */
  endsSessions?: true;
  /** Why no asker can succeed in the world of this test. Without it one of them must. */
  neverSucceeds?: string;
}
