export const THEMES = ['system', 'light', 'dark'] as const;

/** `system` follows the device; the others are the reader's choice, kept in a cookie so that the first paint is right. */
export type Theme = (typeof THEMES)[number];

export const THEME_COOKIE = 'xiangbo_theme';

export function isTheme(value: unknown): value is Theme {
  return THEMES.some((theme) => theme === value);
}
