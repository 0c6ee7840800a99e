/** How many days a recording is kept after its broadcast ended, by kind. */
export type RetentionDays = Record<'class' | 'sale', number>;

/**
 * Least days by law. A selling broadcast: three years from its last transaction (电子商务法 第三十一条,
 * 直播电商监督管理办法). Any other: sixty days (互联网直播服务管理规定 第十六条).
 * Three years have 1,096 days where a leap day lies among them.
 */
export const LEAST_DAYS: RetentionDays = { class: 60, sale: 1096 };

const DAY_MS = 86_400_000;

/**
 * The moment from which a recording may be removed, in milliseconds; null while it must not be: the broadcast has not
 * ended, or someone holds it. What is configured counts only beyond what the law wants.
 */
export function keptUntilMs(
  broadcast: {
    kind: 'class' | 'sale';
    endedAtMs: number | null;
    /** The last one of a selling broadcast, where there is any. */
    lastTransactionMs?: number | undefined;
    held: boolean;
  },
  configured: RetentionDays,
): number | null {
  const { kind, endedAtMs, lastTransactionMs = 0, held } = broadcast;
  if (endedAtMs === null || held) return null;
  const from = kind === 'sale' ? Math.max(endedAtMs, lastTransactionMs) : endedAtMs;
  return from + Math.max(configured[kind], LEAST_DAYS[kind]) * DAY_MS;
}
