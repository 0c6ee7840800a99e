import { spawn, type ChildProcess } from 'node:child_process';

export interface ChildOptions {
  command: string;
  args: string[];
  /** How long a process may take to end once its input is closed, before SIGKILL. */
  graceMs: number;
  onOutput?: (chunk: Buffer) => void;
  /** What it writes to descriptor 3. */
  onSecondOutput?: (chunk: Buffer) => void;
}

export interface ChildExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** True when it ended because we asked. */
  wanted: boolean;
  /** The last lines it wrote to stderr. */
  lastWords: string;
}

const LAST_WORDS_BYTES = 2000;

/**
 * One supervised process. `exited` settles once, after its output has been read to the end, also when it could not
 * be started. Input that it does not read within 16 MB means that it hangs: it is killed.
 */
export class Child {
  readonly exited: Promise<ChildExit>;
  readonly #process: ChildProcess;
  readonly #graceMs: number;
  #wanted = false;
  #over = false;
  #killTimer: NodeJS.Timeout | null = null;

  constructor({ command, args, graceMs, onOutput, onSecondOutput }: ChildOptions) {
    this.#graceMs = graceMs;
    // A group of its own: Ctrl-C in a terminal is for the hub, which then ends it properly.
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe', 'pipe'], detached: true });
    this.#process = child;
    let lastWords = '';
    const remember = (words: string) => (lastWords = (lastWords + words).slice(-LAST_WORDS_BYTES));
    child.stdout?.on('data', (chunk: Buffer) => onOutput?.(chunk));
    child.stdio?.[3]?.on('data', (chunk: Buffer) => onSecondOutput?.(chunk));
    child.stderr?.on('data', (chunk: Buffer) => remember(chunk.toString()));
    // A broken pipe is told by the exit.
    child.stdin?.on('error', (error) => remember(`stdin: ${error.message}\n`));
    this.exited = new Promise((resolve) => {
      child.on('error', (error) => {
        remember(`${error.message}\n`);
        // Without a pid there was never a process, and no `close` will come.
        if (child.pid === undefined) resolve(this.#end({ code: null, signal: null, lastWords }));
      });
      child.on('close', (code, signal) => resolve(this.#end({ code, signal, lastWords })));
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get over(): boolean {
    return this.#over;
  }

  /** It was asked to end, or has ended. */
  get finishing(): boolean {
    return this.#wanted || this.#over;
  }

  /** Bytes that were written and that it has not taken yet. */
  get backlogBytes(): number {
    return this.#process.stdin?.writableLength ?? 0;
  }

  /** Handed over in one go where the system allows. */
  write(...chunks: Buffer[]): void {
    const { stdin } = this.#process;
    if (this.#over || this.#wanted || !stdin) return;
    if (this.backlogBytes > 16 * 1024 * 1024) return this.kill();
    stdin.cork();
    for (const chunk of chunks) stdin.write(chunk);
    stdin.uncork();
  }

  /** Closes its input and waits for the end; kills it after the grace time. Idempotent. */
  async finish(): Promise<ChildExit> {
    this.#wanted = true;
    if (!this.#over && !this.#killTimer) {
      this.#process.stdin?.end();
      this.#killTimer = setTimeout(() => this.kill(), this.#graceMs);
    }
    return this.exited;
  }

  /** Nothing is sent to a process that has ended, whose number may be another's by now. */
  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  /** For a process that hangs: `exited` then tells of an end nobody wanted. */
  kill(): void {
    this.signal('SIGKILL');
  }

  /** For processes that read no input: SIGTERM, then SIGKILL after the grace time. Idempotent. */
  async stop(): Promise<ChildExit> {
    this.signal('SIGTERM');
    return this.finish();
  }

  #end(exit: Omit<ChildExit, 'wanted'>): ChildExit {
    this.#over = true;
    if (this.#killTimer) clearTimeout(this.#killTimer);
    return { ...exit, wanted: this.#wanted };
  }
}
