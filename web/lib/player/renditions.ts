/** One way in which the same broadcast is offered over HLS. */
export interface Rendition {
  url: string;
  /** Lines of the picture; null: sound only. */
  height: number | null;
  bitsPerSecond: number;
}

const VARIANT = /^#EXT-X-STREAM-INF:(.*)\r?\n([^#\s].*)$/gm;

/** Reads a master playlist: the pictures from the largest to the smallest, then the sound. */
export function renditionsOf(master: string, masterUrl: string): Rendition[] {
  const found = [...master.matchAll(VARIANT)].map(([, attributes = '', uri = '']): Rendition => {
    const lines = /RESOLUTION=\d+x(\d+)/.exec(attributes)?.[1];
    return {
      url: new URL(uri.trim(), masterUrl).href,
      height: lines === undefined ? null : Number(lines),
      bitsPerSecond: Number(/(?:^|,)BANDWIDTH=(\d+)/.exec(attributes)?.[1] ?? 0),
    };
  });
  return found.sort((a, b) => (b.height ?? 0) - (a.height ?? 0));
}

/** Asks for what there is to choose from. Nothing where the hub does not answer: what plays goes on. */
export async function readRenditions(masterPath: string): Promise<Rendition[]> {
  const url = new URL(masterPath, location.href).href;
  try {
    const answer = await fetch(url);
    return answer.ok ? renditionsOf(await answer.text(), url) : [];
  } catch (error) {
    console.info('The renditions could not be asked for', error);
    return [];
  }
}
