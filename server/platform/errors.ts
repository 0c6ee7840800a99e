/**
 * Every refusal the hub can utter; `http/sentences.ts` has its words in both languages. A code is part of the outside
 * contract: add, never rename.
 */
export const ERROR_STATUS = {
  'input.invalid': 400,
  'input.malformed': 400,
  'input.too-large': 413,
  /** The `Content-Type` is not what this address takes. */
  'input.media-type': 415,
  /** `If-Match` is missing (RFC 6585), or names what is no longer so. */
  'precondition.required': 428,
  'precondition.failed': 412,
  'auth.required': 401,
  'auth.wrong': 401,
  'auth.wrong-current': 400,
  'auth.expired': 401,
  'auth.code-invalid': 400,
  'setup.link-invalid': 400,
  'access.denied': 403,
  'access.origin': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'username.taken': 409,
  'phone.taken': 409,
  'region.exists': 409,
  'person.duplicate': 409,
  'person.verified': 409,
  /** One of the two is merged already, or has others merged into it. */
  'person.merged': 409,
  'person.not-merged': 409,
  'person.without-account': 409,
  'token.too-many': 409,
  'grant.exists': 409,
  'grant.last': 409,
  'enrolment.closed': 409,
  'enrolment.full': 409,
  /** A list has more people than the run has places left. */
  'enrolment.too-few-places': 409,
  'enrolment.exists': 409,
  'enrolment.attended': 409,
  /** The sign-in code or number is none that this hub showed. */
  'sign-in.code-invalid': 400,
  /** Sign-in, or sign-out, has not opened yet or is over. */
  'sign-in.not-open': 409,
  'sign-in.closed': 409,
  /** The code was shown longer ago than a phone may keep it. */
  'sign-in.too-late': 409,
  'sign-in.not-enrolled': 409,
  'sign-in.not-signed-in': 409,
  /** Nobody of that name and phone takes part. */
  'sign-in.nobody': 409,
  /** A spreadsheet that is not read, by its content (platform/spreadsheet/contract.ts). */
  'spreadsheet.not-a-spreadsheet': 415,
  'spreadsheet.other-format': 415,
  'spreadsheet.encrypted': 415,
  'spreadsheet.macros': 415,
  'spreadsheet.too-large': 413,
  'spreadsheet.too-many-rows': 413,
  'spreadsheet.damaged': 422,
  'spreadsheet.empty': 422,
  'spreadsheet.no-headings': 422,
  'import.done': 409,
  /** The same file has been imported into the same target; nothing was done again. */
  'import.done-before': 409,
  'import.faulty': 409,
  'survey.answered': 409,
  'survey.not-attended': 409,
  'session.linked': 409,
  'broadcast.ended': 409,
  'broadcast.live-elsewhere': 409,
  'broadcast.not-live': 409,
  /** There is no replay: not yet, or its time is over. */
  'recording.none': 409,
  'video.too-large': 413,
  /** Of the caller's own uploads that are not whole yet, in number or in bytes. */
  'video.too-many-uploads': 409,
  'video.too-much-unfinished': 409,
  'video.not-ready': 409,
  'video.not-possible': 409,
  'course.not-published': 409,
  'course.not-started': 409,
  /** Other courses come first. */
  'course.prerequisites': 409,
  'course.adopted': 409,
  'course.newest': 409,
  'course-file.damaged': 400,
  'course-file.too-large': 413,
  'course-file.newer': 400,
  'course-file.altered': 400,
  /** The file is whole, the course in it is none. */
  'course-file.invalid': 400,
  'lesson.locked': 409,
  'lesson.too-soon': 409,
  'lesson.not-possible': 409,
  'quiz.no-attempt': 409,
  'quiz.no-attempts-left': 409,
  'task.waiting': 409,
  'task.accepted': 409,
  'task.graded': 409,
  'task.own': 409,
  /** Nothing that a course may bring, or not what its name says. */
  'asset.unsupported': 415,
  /** Neither JPEG, PNG nor WebP, or broken. */
  'picture.unsupported': 415,
  'picture.too-large': 413,
  'storage.full': 507,
  'chat.closed': 409,
  'stage.full': 409,
  'stage.no-hand': 409,
  'cohost.too-many': 409,
  'programme.exists': 409,
  'rate.limited': 429,
  'media.unavailable': 503,
  'media.unsupported': 415,
  /** No more viewers by WebRTC; HLS carries them. A player by WHEP may ask again (RFC 9725 4.5). */
  'media.full': 503,
  'sdp.malformed': 400,
  'sdp.unacceptable': 422,
  /** Sound or picture in codecs that are none of ours. */
  'sdp.codecs': 422,
  'database.busy': 503,
  /** More work of one kind waits than there is room for. */
  'server.busy': 503,
  'server.failed': 500,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;
export type ErrorStatus = (typeof ERROR_STATUS)[ErrorCode];

/** What is wrong with one field: `path` is dotted (`items.0.score`), `rule` names the broken rule (`too_small`). */
export interface FieldFault {
  path: string;
  rule: string;
  message: string;
}

interface HubErrorDetail {
  /** An English sentence for the log and for integrators; the web has its own words for the code. */
  message?: string;
  fields?: FieldFault[];
  /** Figures the sentence needs, for example `{ retryAfterSeconds: 30 }`. Never personal data. */
  params?: Record<string, string | number>;
  cause?: unknown;
}

/** The one error that verbs throw on purpose. Anything else that is thrown is a fault of ours and becomes `server.failed`. */
export class HubError extends Error {
  readonly code: ErrorCode;
  readonly fields: FieldFault[];
  readonly params: Record<string, string | number>;

  constructor(code: ErrorCode, detail: HubErrorDetail = {}) {
    super(detail.message ?? code, { cause: detail.cause });
    this.name = 'HubError';
    this.code = code;
    this.fields = detail.fields ?? [];
    this.params = detail.params ?? {};
  }

  get status(): ErrorStatus {
    return ERROR_STATUS[this.code];
  }
}

/** A refusal that points at one field of the input. */
export function fieldError(path: string, rule: string, message: string): HubError {
  return new HubError('input.invalid', { message, fields: [{ path, rule, message }] });
}
