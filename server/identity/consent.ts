import catalogue from '../../drizzle/reference/catalogue.json' with { type: 'json' };
import { newId } from '../platform/ids.ts';
import type { NewConsentRow } from './store/persons.ts';

/** The version of the notice on personal data that the pages show; raised with its words, and asked for again then. */
export const NOTICE_VERSION = '2026-11';

/** The categories of trainees the programmes' documents name. */
export const AUDIENCES: readonly string[] = catalogue.trainees.audiences;

/** Disability and poverty status: sensitive personal data, for which the law asks a consent of its own (个人信息保护法 第二十九条). */
const SENSITIVE_AUDIENCES: readonly string[] = ['残疾人', '脱贫(建档立卡)人口'];

export function isSensitive(audiences: readonly string[]): boolean {
  return audiences.some((audience) => SENSITIVE_AUDIENCES.includes(audience));
}

/** What a page that registers people must know before it asks. */
export interface Notice {
  noticeVersion: string;
  audiences: { name: string; sensitive: boolean }[];
}

export function describeNotice(): Notice {
  const audiences = AUDIENCES.map((name) => ({ name, sensitive: isSensitive([name]) }));
  return { noticeVersion: NOTICE_VERSION, audiences };
}

/** The consents to keep: one to the notice, one more where sensitive data is held. */
export function consentRows(given: {
  personId: string;
  method: NewConsentRow['method'];
  sensitive: boolean;
  recordedBy: string | null;
  givenAt: string;
}): NewConsentRow[] {
  const { sensitive, ...rest } = given;
  const row = (subject: NewConsentRow['subject']): NewConsentRow => ({
    id: newId<'consent'>(),
    subject,
    noticeVersion: NOTICE_VERSION,
    ...rest,
  });
  return sensitive ? [row('basic'), row('sensitive')] : [row('basic')];
}
