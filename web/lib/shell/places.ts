import type { Component } from 'svelte';
import BookOpen from '@lucide/svelte/icons/book-open';
import ChartColumn from '@lucide/svelte/icons/chart-column';
import House from '@lucide/svelte/icons/house';
import NotebookPen from '@lucide/svelte/icons/notebook-pen';
import Presentation from '@lucide/svelte/icons/presentation';
import Radio from '@lucide/svelte/icons/radio';
import Settings from '@lucide/svelte/icons/settings';
import UserRound from '@lucide/svelte/icons/user-round';
import Users from '@lucide/svelte/icons/users';
import type { Session } from '#lib/api/session.ts';
import { m } from '#lib/paraglide/messages.js';

export interface Place {
  href: string;
  label: () => string;
  icon: Component;
}

const PLACES = {
  home: { href: '/', label: m.nav_home, icon: House },
  live: { href: '/live', label: m.nav_live, icon: Radio },
  courses: { href: '/courses', label: m.nav_courses, icon: BookOpen },
  learn: { href: '/learn', label: m.nav_learn, icon: NotebookPen },
  teach: { href: '/teach', label: m.nav_teach, icon: Presentation },
  programmes: { href: '/programmes', label: m.nav_programmes, icon: ChartColumn },
  people: { href: '/people', label: m.nav_people, icon: Users },
  admin: { href: '/admin', label: m.nav_admin, icon: Settings },
  me: { href: '/me', label: m.nav_me, icon: UserRound },
} as const satisfies Record<string, Place>;

const { home, live, courses, learn, teach, programmes, people, admin, me } = PLACES;

/** The places of whoever reads: five at most, for that is what a thumb can hold. The first section that fits decides. */
export function placesFor(session: Session | null): readonly Place[] {
  if (!session) return [home, live, courses, programmes];
  const { administration, teach: teaches, people: looksAfter, programme } = session.sections;
  if (administration) return [home, teach, programmes, admin, me];
  if (programme) return [home, live, courses, programmes, me];
  if (teaches) return [home, teach, courses, people, me];
  if (looksAfter) return [home, live, courses, people, me];
  return [home, live, courses, learn, me];
}

/** True when the address lies in the place; the home page is only itself. */
export function isHere(place: Place, pathname: string): boolean {
  if (place.href === '/') return pathname === '/';
  return pathname === place.href || pathname.startsWith(`${place.href}/`);
}
