import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { assetsOf, checkCourse } from '../model/check-course.ts';
import type { CourseDocument } from '../model/course-schema.ts';

/** Folders beside this file, one a course, in the order in which they are shown. */
const FOLDERS = ['four-steps', 'live-host', 'phone-safety'];

export interface ShippedCourse {
  course: CourseDocument;
  /** Every asset that the course names, by that name. */
  assets: ReadonlyMap<string, Uint8Array>;
}

/**
 * A course document whose long texts stand in files of their own: `from` names an article (its first line is the
 * lesson's title), the questions of a quiz or the brief of a task. The whole is checked by the model.
 */
const outline = z.looseObject({
  lessons: z.array(z.looseObject({ kind: z.string(), from: z.string() })),
});

/** The courseware that ships. Throws with the folder and its faults where it is not as the model asks. */
export function readShippedCourses(): ShippedCourse[] {
  return FOLDERS.map(readCourse);
}

function readCourse(folder: string): ShippedCourse {
  const read = (name: string) => readFileSync(new URL(`./${folder}/${name}`, import.meta.url));
  const readText = (name: string) => read(name).toString('utf8');
  const written = outline.parse(JSON.parse(readText('course.json')));
  const checked = checkCourse({
    ...written,
    lessons: written.lessons.map(({ from, ...lesson }) => ({
      ...lesson,
      ...contentOf(lesson.kind, readText(from)),
    })),
  });
  if (!checked.ok) {
    const faults = checked.faults.map(({ path, rule }) => `${path}: ${rule}`);
    throw new Error(`The course that ships in ${folder} cannot be used: ${faults.join(', ')}`);
  }
  const { course } = checked;
  return { course, assets: new Map(assetsOf(course).map(({ name }) => [name, read(name)])) };
}

function contentOf(kind: string, text: string): object {
  if (kind === 'quiz') return { questions: JSON.parse(text) as unknown };
  if (kind === 'task') return { brief: text };
  const [, title, body] = /^# (.+)\n([^]*)$/.exec(text) ?? [];
  return { title, body };
}
