import { z } from 'zod';
import type { CourseDocument } from '../model/course-schema.ts';
import type { CourseFault } from '../model/faults.ts';

/**
 * A course as one file: a ZIP of `course.json`, its files under `assets/`, and `manifest.json` with the length and
 * SHA-256 of each of them. Nothing else is in it.
 */
export const COURSE_FORMAT = 'xiangbo-course';
export const COURSE_FORMAT_VERSION = 1;
export const COURSE_PATH = 'course.json';
export const MANIFEST_PATH = 'manifest.json';
export const ASSETS_FOLDER = 'assets/';

/** Bytes of a file as it comes; the door takes no more. */
export const LARGEST_COURSE_FILE_BYTES = 100 * 1024 * 1024;

export const manifest = z.strictObject({
  format: z.literal(COURSE_FORMAT),
  version: z.int().min(1),
  files: z
    .array(
      z.strictObject({
        path: z.string().min(1).max(200),
        bytes: z.int().min(0),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .min(1)
    .max(500),
});

/** A course with its files by name. */
export interface PackedCourse {
  course: CourseDocument;
  assets: ReadonlyMap<string, Uint8Array>;
}

/**
 * `damaged`: no ZIP, cut, or not of this format; `too-large`: it would unpack to more than a course is; `newer`: written
 * by a newer hub; `altered`: a file is missing, added, or not what the manifest says; `invalid`: the course is not one.
 */
export type CourseFileFault = 'damaged' | 'too-large' | 'newer' | 'altered' | 'invalid';

/** Why a course file is refused. `path` is the place within it. */
export class CourseFileError extends Error {
  readonly code: CourseFileFault;
  readonly path: string;
  /** Of an `invalid` course, what is wrong with it. */
  readonly faults: readonly CourseFault[];

  constructor(
    code: CourseFileFault,
    detail: { path?: string; faults?: readonly CourseFault[]; cause?: unknown } = {},
  ) {
    super(`${code}${detail.path ? `: ${detail.path}` : ''}`, { cause: detail.cause });
    this.name = 'CourseFileError';
    this.code = code;
    this.path = detail.path ?? '';
    this.faults = detail.faults ?? [];
  }
}
