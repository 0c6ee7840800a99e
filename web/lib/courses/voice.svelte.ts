/** Reads pieces of text one after another with the system's voice. */
export class Voice {
  /** The piece that is read now; null: silent. */
  at = $state<number | null>(null);
  #pieces: readonly string[] = [];
  /** Rises with every beginning: what an older one still says is dropped. */
  #run = 0;

  static get able(): boolean {
    return typeof speechSynthesis !== 'undefined' && typeof SpeechSynthesisUtterance !== 'undefined';
  }

  /** Articles are in Chinese, whatever the page around them is in. */
  read(pieces: readonly string[], from = 0): void {
    this.stop();
    this.#pieces = pieces;
    this.#say(from, this.#run);
  }

  stop(): void {
    this.#run += 1;
    this.at = null;
    if (Voice.able) speechSynthesis.cancel();
  }

  #say(index: number, run: number): void {
    if (run !== this.#run) return;
    const next = this.#pieces.findIndex((piece, n) => n >= index && piece.trim() !== '');
    if (next < 0) {
      this.at = null;
      return;
    }
    this.at = next;
    const said = new SpeechSynthesisUtterance(this.#pieces[next]);
    said.lang = 'zh-CN';
    said.rate = 0.95;
    said.onend = () => this.#say(next + 1, run);
    said.onerror = () => {
      if (run === this.#run) this.at = null;
    };
    speechSynthesis.speak(said);
  }
}
