/** Something happened to an account that whoever holds a connection of it must hear at once. */
export type AccountNews =
  | { kind: 'sessions-ended'; accountId: string; authSessionIds: readonly string[] }
  | { kind: 'tokens-ended'; accountId: string }
  | { kind: 'rights-changed'; accountId: string };

export type AccountNewsListener = (news: AccountNews) => void;

/** Tells listeners of this process after the change is durable. Other processes find out at their next request. */
export function openAccountNews() {
  const listeners = new Set<AccountNewsListener>();
  return {
    tell(news: AccountNews): void {
      for (const listener of listeners) listener(news);
    },
    /** Returns the function that ends the subscription. */
    listen(listener: AccountNewsListener): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

export type AccountNewsDesk = ReturnType<typeof openAccountNews>;
