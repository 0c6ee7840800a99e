const LONGEST_SIDE = 2200;
const QUALITY = 0.82;
/** Smaller than this is sent as it is. */
const SMALL_BYTES = 700_000;

/** A photo small enough for a poor network, its writing still legible; as it came where the browser cannot draw it. */
export async function shrinkPhoto(photo: Blob): Promise<Blob> {
  if (photo.size <= SMALL_BYTES) return photo;
  const picture = await createImageBitmap(photo).catch(() => undefined);
  if (!picture) return photo;
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const shrunk = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
  return shrunk && shrunk.size < photo.size ? shrunk : photo;
}
