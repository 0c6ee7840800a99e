import type { Locale } from '#lib/i18n/locale.ts';

/** Dehong keeps Beijing time the year round, whatever the device believes. */
const SHANGHAI_MS = 8 * 3600_000;
const DAYS_ZH = ['周日', '周一', '周二', '周三', '周四', '周五', '周六'];
const DAYS_EN = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS_EN = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

type Instant = string | number | Date;

/** The instant's calendar in Asia/Shanghai, read with the UTC getters. */
function inShanghai(instant: Instant): Date {
  return new Date(new Date(instant).getTime() + SHANGHAI_MS);
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `11月22日 周日`, with the year when it is not this one: `2025年11月22日 周六`. */
export function formatDay(instant: Instant, locale: Locale, now: Instant = Date.now()): string {
  const date = inShanghai(instant);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const otherYear = year !== inShanghai(now).getUTCFullYear();
  if (locale === 'en') {
    return `${DAYS_EN[date.getUTCDay()]} ${day} ${MONTHS_EN[month]}${otherYear ? ` ${year}` : ''}`;
  }
  return `${otherYear ? `${year}年` : ''}${month + 1}月${day}日 ${DAYS_ZH[date.getUTCDay()]}`;
}

/** `14:05`. */
export function formatTime(instant: Instant): string {
  const date = inShanghai(instant);
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
}

/** `11月22日 周日 14:05`. */
export function formatMoment(instant: Instant, locale: Locale, now?: Instant): string {
  return `${formatDay(instant, locale, now)} ${formatTime(instant)}`;
}

/** `11月22日 周日 14:00–15:30`; over more than a day both ends are told in full. */
export function formatSpan(start: Instant, end: Instant, locale: Locale, now?: Instant): string {
  const sameDay = inShanghai(start).toISOString().slice(0, 10) === inShanghai(end).toISOString().slice(0, 10);
  return `${formatMoment(start, locale, now)}–${sameDay ? formatTime(end) : formatMoment(end, locale, now)}`;
}

/** `2026-11-22` in Asia/Shanghai, as date fields and the API's `asOf` want it. */
export function dayOf(instant: Instant): string {
  return inShanghai(instant).toISOString().slice(0, 10);
}

/** `2026-11-22T14:05` in Asia/Shanghai, as a datetime-local field wants it. */
export function fieldMoment(instant: Instant): string {
  return inShanghai(instant).toISOString().slice(0, 16);
}

/** The ISO instant of what a datetime-local field holds, taken as Asia/Shanghai; undefined when it holds no moment. */
export function instantOfField(value: string): string | undefined {
  const parsed = new Date(`${value}:00+08:00`);
  return Number.isNaN(parsed.getTime()) ? undefined : parsed.toISOString();
}
