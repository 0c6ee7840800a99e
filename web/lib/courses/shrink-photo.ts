/** The longer side of what is sent, in pixels: enough to be judged by, little to be sent from a field. */
const LONGEST = 1600;
const QUALITY = 0.85;

/**
 * A photo as it is sent: upright, no larger than it need be, and without what the camera wrote beside it. Where the
 * browser cannot read it, it is sent as it is and judged by the hub.
 */
export async function shrinkPhoto(file: File): Promise<Blob> {
  const picture = await readPicture(file);
  if (!picture) return file;
  const { naturalWidth: width, naturalHeight: height } = picture;
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(picture.src);
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? file), 'image/jpeg', QUALITY));
}

function readPicture(file: File): Promise<HTMLImageElement | null> {
  return new Promise((resolve) => {
    const picture = new Image();
    picture.onload = () => resolve(picture);
    picture.onerror = () => {
      URL.revokeObjectURL(picture.src);
      resolve(null);
    };
    picture.src = URL.createObjectURL(file);
  });
}
