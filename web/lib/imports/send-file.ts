import { readRefusal, UNREACHED, type Refusal } from '#lib/api/refusal.ts';

export type Sent = { ok: true; id: string } | { ok: false; refusal: Refusal };

/** Sends a file as it is and tells how much has gone, from 0 to 1. `fetch` cannot tell. */
export function sendFile(address: string, file: File, progress: (share: number) => void): Promise<Sent> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('POST', address);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = (event) => progress(event.loaded / Math.max(1, event.total));
    request.upload.onload = () => progress(1);
    request.onerror = () => resolve({ ok: false, refusal: UNREACHED });
    request.onload = () => {
      if (request.status === 201) {
        resolve({ ok: true, id: (JSON.parse(request.responseText) as { id: string }).id });
        return;
      }
      const answer = new Response(request.responseText, { status: request.status });
      void readRefusal(answer).then((refusal) => resolve({ ok: false, refusal }));
    };
    request.send(file);
  });
}
