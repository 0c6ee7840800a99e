import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';

/** A page of this folder as one script for the browser. */
export async function bundlePage(file: 'bare-webrtc.ts' | 'bare-hls.ts'): Promise<string> {
  const entry = fileURLToPath(new URL(file, import.meta.url));
  const [output] = (await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, lib: { entry, formats: ['iife'], name: 'barePage' } },
  })) as Rolldown.RolldownOutput[];
  return output!.output[0].code;
}

/** The least page with a video: what stands around a player is the hub's own cost. */
export function pageAround(script: string): string {
  return `<!doctype html><link rel="icon" href="data:,"><video muted playsinline></video><button>join</button><script>${script.replaceAll('</script', '<\\/script')}</script>`;
}
