const telling = new WeakSet<object>();

/** Remembers that a transaction writes news, so that whoever waits for some is woken when it is committed. */
export function markNews(transaction: object): void {
  telling.add(transaction);
}

/** Whether news was written in the transaction. */
export function hasNews(transaction: object): boolean {
  return telling.has(transaction);
}
