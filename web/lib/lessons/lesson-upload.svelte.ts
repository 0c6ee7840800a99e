import { Upload, type PreviousUpload } from 'tus-js-client';
import type { Video } from '#lib/api/shapes.ts';
import { refusalWords } from '#lib/api/words.ts';
import { retryPauseMs } from '#lib/player/retry-pause.ts';
import { refusalIn } from './upload-refusal.ts';

const ENDPOINT = '/uploads';

/** What is said of a lesson before its first byte. */
interface Said {
  title: string;
  regionCode: string;
  visibility: Video['visibility'];
}

/**
 * Where an upload is. `away`: the hub does not answer, and is asked again; `refused`: trying again would be refused
 * again.
 */
type UploadState = 'sending' | 'paused' | 'away' | 'refused' | 'done';

/** The upload of that very file that this browser began before and did not finish, the latest; undefined: none. */
export async function findBegun(file: File): Promise<PreviousUpload | undefined> {
  const found = await new Upload(file, { endpoint: ENDPOINT }).findPreviousUploads();
  return found.sort((a, b) => b.creationTime.localeCompare(a.creationTime))[0];
}

/** One file on its way to the hub by tus, through lost lines and pauses. */
export class LessonUpload {
  state = $state<UploadState>('sending');
  sentBytes = $state(0);
  /** Why it was refused, in words. */
  refusal = $state<string | null>(null);
  /** Known once the hub took the upload. */
  videoId = $state<string | undefined>();
  readonly file: File;
  readonly #upload: Upload;
  #failures = 0;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(file: File, said: Said, begun: PreviousUpload | undefined) {
    this.file = file;
    this.#upload = new Upload(file, {
      endpoint: ENDPOINT,
      metadata: { ...said },
      // Trying again is done here: it goes on for as long as the page is open.
      retryDelays: null,
      removeFingerprintOnSuccess: true,
      onUploadUrlAvailable: () => (this.videoId = this.#upload.url?.split('/').at(-1)),
      onProgress: (sent) => {
        this.sentBytes = sent;
        this.#failures = 0;
      },
      onSuccess: () => {
        this.#rest();
        this.state = 'done';
      },
      onError: (error) => void this.#fail(error),
    });
    if (begun) this.#upload.resumeFromPreviousUpload(begun);
    window.addEventListener('online', this.#online);
    this.#upload.start();
  }

  async pause(): Promise<void> {
    clearTimeout(this.#again);
    this.state = 'paused';
    await this.#upload.abort();
  }

  resume(): void {
    clearTimeout(this.#again);
    this.state = 'sending';
    this.#upload.start();
  }

  /** Stops sending. What has come is kept, and the same file goes on with it. */
  async close(): Promise<void> {
    this.#rest();
    if (this.state === 'sending' || this.state === 'away') await this.pause();
  }

  readonly #online = (): void => {
    if (this.state === 'away') this.resume();
  };

  #rest(): void {
    clearTimeout(this.#again);
    window.removeEventListener('online', this.#online);
  }

  async #fail(error: Error): Promise<void> {
    if (this.state === 'paused') return;
    const refusal = await refusalIn(error);
    if (refusal) {
      this.#rest();
      this.refusal = refusalWords(refusal);
      this.state = 'refused';
      return;
    }
    this.state = 'away';
    this.#again = setTimeout(() => this.resume(), retryPauseMs(this.#failures, Math.random()));
    this.#failures += 1;
  }
}
