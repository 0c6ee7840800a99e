import { readRefusal, UNREACHED } from '#lib/api/refusal.ts';
import { refusalWords } from '#lib/api/words.ts';
import { shrinkPhoto } from '../shrink-photo.ts';

export interface BroughtAsset {
  name: string;
  address: string;
}

/** Brings a picture or file into a draft under a name that no other has. Throws an Error in the reader's words. */
export async function uploadAsset(courseId: string, file: File): Promise<BroughtAsset> {
  const isPhoto = file.type === 'image/jpeg' || file.type === 'image/webp';
  const body = isPhoto ? await shrinkPhoto(file) : file;
  const name = `files/${crypto.getRandomValues(new Uint32Array(2)).join('-')}.${endingOf(file, isPhoto && body !== file)}`;
  let response: Response;
  try {
    response = await fetch(`/api/courses/${courseId}/assets?name=${encodeURIComponent(name)}`, {
      method: 'PUT',
      body,
    });
  } catch (error) {
    throw new Error(refusalWords(UNREACHED), { cause: error });
  }
  if (!response.ok) throw new Error(refusalWords(await readRefusal(response)));
  return (await response.json()) as BroughtAsset;
}

function endingOf(file: File, shrunk: boolean): string {
  if (shrunk) return 'jpg';
  const ending = file.name.slice(file.name.lastIndexOf('.') + 1).toLowerCase();
  return /^[a-z]{3,4}$/.test(ending) ? ending : 'bin';
}
