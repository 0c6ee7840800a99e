import type { Locale } from '#lib/i18n/locale.ts';

const MINUS = '−';

/** All digits, grouped: `12,345`. For figures that someone will check. */
export function formatCount(value: number): string {
  const [whole = '0', part] = Math.abs(value).toString().split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return (value < 0 ? MINUS : '') + (part ? `${grouped}.${part}` : grouped);
}

/** As people say it: `1.2 万`, `3.4 亿`; in English `12.3K`. For viewers and hearts, never for a figure that is checked. */
export function formatRoughly(value: number, locale: Locale): string {
  const steps: readonly [number, string][] =
    locale === 'zh-CN'
      ? [
          [100_000_000, ' 亿'],
          [10_000, ' 万'],
        ]
      : [
          [1_000_000, 'M'],
          [1_000, 'K'],
        ];
  for (const [size, word] of steps) {
    if (Math.abs(value) >= size) return trimZero((value / size).toFixed(1)) + word;
  }
  return formatCount(value);
}

/** `92.3%` out of two whole numbers; `—` when there is nothing to divide by. */
export function formatShare(part: number, whole: number, digits = 1): string {
  return whole === 0 ? '—' : `${trimZero(((part / whole) * 100).toFixed(digits))}%`;
}

/** `640 KB`, `12.5 MB`, `1.2 GB`, counted in thousands as shops and phones do. */
export function formatBytes(bytes: number): string {
  const [size, unit] = bytes >= 1e9 ? [1e9, 'GB'] : bytes >= 1e6 ? [1e6, 'MB'] : [1e3, 'KB'];
  const digits = unit === 'KB' ? 0 : 1;
  return `${trimZero((bytes / size).toFixed(digits))} ${unit}`;
}

/** Fen as `¥12.50`. */
export function formatMoney(amountFen: number): string {
  const yuan = Math.floor(Math.abs(amountFen) / 100);
  const cents = String(Math.abs(amountFen) % 100).padStart(2, '0');
  return `${amountFen < 0 ? MINUS : ''}¥${formatCount(yuan)}.${cents}`;
}

/** `1:02:05` or `2:05`, for players and classes. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

function trimZero(text: string): string {
  return text.replace(/\.0+$/, '');
}
