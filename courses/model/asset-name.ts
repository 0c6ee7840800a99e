/** The place of a picture or file among the assets of its course: `drawings/sorting.svg`. Apart from the schemas: pages need no zod. */
export const ASSET_NAME = /^[a-zA-Z0-9][\w-]*(\/[a-zA-Z0-9][\w-]*)*\.[a-z0-9]{2,5}$/;
