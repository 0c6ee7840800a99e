import { v7 } from 'uuid';

/** A UUIDv7 that belongs to one kind of thing: `Id<'broadcast'>` cannot be passed where `Id<'run'>` is wanted. */
export type Id<Kind extends string> = string & { readonly __kind: Kind };

/** A new id that sorts by the time it was made. */
export function newId<Kind extends string>(): Id<Kind> {
  return v7() as Id<Kind>;
}
