const HIDDEN_MS = 5_000;

/** Whether the device has a network, and whether anyone sees the page. */
export class PageState {
  online = $state(navigator.onLine);
  readonly #onHidden: (hidden: boolean) => void;
  #hiding: ReturnType<typeof setTimeout> | undefined;

  /** `onHidden` is told at once when the page is seen again, and some seconds after it is no longer. */
  constructor(onHidden: (hidden: boolean) => void) {
    this.#onHidden = onHidden;
    addEventListener('online', this.#onLine);
    addEventListener('offline', this.#onLine);
    document.addEventListener('visibilitychange', this.#onVisibility);
  }

  #onLine = (): void => {
    this.online = navigator.onLine;
  };

  #onVisibility = (): void => {
    clearTimeout(this.#hiding);
    // A picture that floats over other pages is seen.
    const hidden = document.visibilityState === 'hidden' && !document.pictureInPictureElement;
    if (hidden) this.#hiding = setTimeout(() => this.#onHidden(true), HIDDEN_MS);
    else this.#onHidden(false);
  };

  close(): void {
    clearTimeout(this.#hiding);
    removeEventListener('online', this.#onLine);
    removeEventListener('offline', this.#onLine);
    document.removeEventListener('visibilitychange', this.#onVisibility);
  }
}
