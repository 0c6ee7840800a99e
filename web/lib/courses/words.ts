import BookOpenText from '@lucide/svelte/icons/book-open-text';
import Camera from '@lucide/svelte/icons/camera';
import CirclePlay from '@lucide/svelte/icons/circle-play';
import FileText from '@lucide/svelte/icons/file-text';
import ListChecks from '@lucide/svelte/icons/list-checks';
import MessageSquare from '@lucide/svelte/icons/message-square';
import Radio from '@lucide/svelte/icons/radio';
import type { Component } from 'svelte';
import type { LessonStep } from '#lib/api/shapes.ts';
import { m } from '#lib/paraglide/messages.js';

export const LESSON_KINDS: Record<LessonStep['kind'], { words: () => string; icon: Component }> = {
  video: { words: m.course_kind_video, icon: CirclePlay },
  live: { words: m.course_kind_live, icon: Radio },
  document: { words: m.course_kind_document, icon: FileText },
  article: { words: m.course_kind_article, icon: BookOpenText },
  quiz: { words: m.course_kind_quiz, icon: ListChecks },
  task: { words: m.course_kind_task, icon: Camera },
  survey: { words: m.course_kind_survey, icon: MessageSquare },
};

export const LESSON_STATES: Record<LessonStep['state'], () => string> = {
  locked: m.course_state_locked,
  open: m.course_state_open,
  'under-way': m.course_state_under_way,
  done: m.course_state_done,
};
