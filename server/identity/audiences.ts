import type { Reader } from '../platform/database/open.ts';
import { newId } from '../platform/ids.ts';
import { AUDIENCES } from './consent.ts';
import { listAudiencesOf, type NewAudienceRow, type PersonAudienceRow } from './store/audiences.ts';

/** A category a person belongs to, from a day to a day in Asia/Shanghai, both included; null: not said. */
export interface HeldAudience {
  name: string;
  since: string | null;
  until: string | null;
  source: PersonAudienceRow['source'];
}

/** How offices write the categories of the catalogue. */
const SYNONYMS: Readonly<Record<string, string>> = {
  建档立卡: '脱贫(建档立卡)人口',
  建档立卡户: '脱贫(建档立卡)人口',
  脱贫户: '脱贫(建档立卡)人口',
  脱贫人口: '脱贫(建档立卡)人口',
  妇女: '农村妇女',
  青年: '农村青年',
  农户: '农村群众',
  农民: '农村群众',
  村民: '农村群众',
  群众: '农村群众',
  退伍军人: '退役军人',
  合作社: '合作社人员',
  家庭农场: '家庭农场/种养大户',
  种养大户: '家庭农场/种养大户',
  个体户: '个体经营户',
  第一书记: '驻村第一书记',
  大学生: '返乡大学生',
  农民工: '返乡农民工',
};

/** The categories a cell names, separated by 、，；; undefined when one of them is none. */
export function readAudiences(text: string): string[] | undefined {
  const names = text
    .normalize('NFKC')
    .split(/[、,;]/)
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => (AUDIENCES.includes(name) ? name : SYNONYMS[name]));
  return names.every((name) => name !== undefined) ? [...new Set(names)] : undefined;
}

export function newAudienceRow(
  given: Omit<NewAudienceRow, 'id' | 'until' | 'voidedAt' | 'voidedBy'> & { until?: string | null },
): NewAudienceRow {
  return { id: newId<'audience'>(), until: null, voidedAt: null, voidedBy: null, ...given };
}

export function describeAudience({ audience, since, until, source }: PersonAudienceRow): HeldAudience {
  return { name: audience, since, until, source };
}

/** By person id, the categories that stand. */
export async function audiencesOfPersons(
  reader: Reader,
  personIds: readonly string[],
): Promise<Map<string, HeldAudience[]>> {
  const rows = await listAudiencesOf(reader, personIds);
  return new Map(
    [...Map.groupBy(rows, (row) => row.personId)].map(([personId, held]) => [
      personId,
      held.map(describeAudience),
    ]),
  );
}
