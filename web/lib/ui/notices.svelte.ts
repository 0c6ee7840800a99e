export interface Notice {
  id: number;
  tone: 'good' | 'wrong' | 'info';
  words: string;
  /** One thing to do about it, usually to take it back. */
  action?: { label: string; run: () => void };
}

const SHOWN_MS = 6000;
let last = 0;

/** What is being said right now; NoticeBoard shows it. Browser only. */
export const notices = $state<Notice[]>([]);

/** Says something briefly. A notice with an action stays twice as long. */
export function notify(notice: Omit<Notice, 'id'>): void {
  const id = ++last;
  notices.push({ ...notice, id });
  setTimeout(() => dismiss(id), notice.action ? SHOWN_MS * 2 : SHOWN_MS);
}

export function dismiss(id: number): void {
  const at = notices.findIndex((notice) => notice.id === id);
  if (at >= 0) notices.splice(at, 1);
}
