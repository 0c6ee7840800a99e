import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/** A page of this folder as one script for the browser. */
export async function bundlePage(file: 'bare-webrtc.ts' | 'bare-hls.ts'): Promise<string> {
  const build = await rolldown({
    input: fileURLToPath(new URL(file, import.meta.url)),
    platform: 'browser',
    logLevel: 'silent',
  });
  const { output } = await build.generate({ format: 'iife', minify: true });
  await build.close();
  return output[0].code;
}

/** The least page with a video: what stands around a player is the hub's own cost. */
export function pageAround(script: string): string {
  return `<!doctype html><link rel="icon" href="data:,"><video muted playsinline></video><script>${script.replaceAll('</script', '<\\/script')}</script>`;
}
