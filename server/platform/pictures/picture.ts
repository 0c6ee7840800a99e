/** A picture without what cameras write beside it: place, device, names. It stands upright as before. */
export interface StrippedPicture {
  bytes: Buffer;
  width: number;
  height: number;
}
