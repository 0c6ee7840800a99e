import { access, constants } from 'node:fs/promises';
import { createWorker } from 'mediasoup';
import type { TransportListenInfo, WebRtcServer, Worker } from 'mediasoup/types';
import { MediaError } from '../errors.ts';

export interface WorkerSettings {
  workerBin: string;
  listenHost: string;
  announcedAddress: string | undefined;
  /** 0: any free port. */
  port: number;
}

/** Throws `worker-missing` or `rtc-port-busy`, each saying what is wrong. */
export async function startWorker(
  settings: WorkerSettings,
): Promise<{ worker: Worker; server: WebRtcServer }> {
  const worker = await launch(settings.workerBin);
  const { listenHost, announcedAddress, port } = settings;
  const listen = (protocol: 'udp' | 'tcp'): TransportListenInfo => ({
    protocol,
    ip: listenHost,
    ...(announcedAddress ? { announcedAddress } : {}),
    ...(port === 0 ? {} : { port }),
  });
  try {
    return {
      worker,
      server: await worker.createWebRtcServer({ listenInfos: [listen('udp'), listen('tcp')] }),
    };
  } catch (error) {
    worker.close();
    const message = `cannot listen on ${listenHost}:${port} (UDP and TCP) for media: ${describe(error)}`;
    throw new MediaError('rtc-port-busy', `${message}; another process holds it, or set RTC_PORT`, {
      cause: error,
    });
  }
}

async function launch(workerBin: string): Promise<Worker> {
  try {
    await access(workerBin, constants.X_OK);
    return await createWorker({ workerBin, logLevel: 'error' });
  } catch (error) {
    const message = `the mediasoup worker at "${workerBin}" cannot be run: ${describe(error)}`;
    throw new MediaError('worker-missing', message, { cause: error });
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
