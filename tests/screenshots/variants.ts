/** One way in which a page is looked at. */
export interface Variant {
  size: keyof typeof SIZES;
  locale: 'zh-CN' | 'en';
  theme: 'light' | 'dark';
}

export const SIZES = { phone: { width: 360, height: 800 }, desktop: { width: 1440, height: 900 } } as const;

/** All of them; the first is the one that the accessibility check looks at. */
export const VARIANTS: readonly Variant[] = (['zh-CN', 'en'] as const).flatMap((locale) =>
  (['light', 'dark'] as const).flatMap((theme) =>
    (['phone', 'desktop'] as const).map((size) => ({ size, locale, theme })),
  ),
);

export function nameOf({ size, locale, theme }: Variant): string {
  const { width, height } = SIZES[size];
  return `${width}x${height}-${locale}-${theme}`;
}
