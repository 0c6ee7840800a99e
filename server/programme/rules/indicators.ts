import { PROFESSIONAL_LEVEL } from '../../learning/service.ts';
import type { PersonTime } from './person-times.ts';
import { groupPersons } from './persons.ts';
import { isSatisfied, type ValidAnswer } from './satisfaction.ts';
import type { Figure } from './targets.ts';

/** What the figures of one region are made from: all of it, in and outside the period. */
export interface Counted {
  personTimes: readonly PersonTime[];
  answers: readonly ValidAnswer[];
}

/** A line of evidence: what it counts for one, and where it belongs. */
export interface EvidenceLine {
  /** `counted` lines sum to the figure; the others are shown apart. */
  standing: 'counted' | 'unverified' | 'outside-period';
  personId: string;
  /** The person-times behind the line: one, or for persons all of theirs. */
  personTimes: PersonTime[];
  /** The answer, where the indicator is about answers. */
  answer: ValidAnswer['answer'] | null;
}

/** A figure with what is shown beside it. */
export interface Measurement extends Figure {
  /** Persons or person-times of people whose identity is not verified: within the figure for 人次, apart for 人数. */
  unverified: number;
  /** Would count but for the day on which it happened. */
  outsidePeriod: number;
  /** For a rate of answers: whom the survey was put to. */
  attendees: number | null;
}

/** An indicator that the hub measures, by a rule that has a name and a version. */
export interface MeasuredIndicator {
  code: string;
  rule: { id: string; version: number; text: { 'zh-CN': string; en: string } };
  measure(counted: Counted): Measurement;
  lines(counted: Counted): EvidenceLine[];
}

function lineOf(one: PersonTime): EvidenceLine {
  return {
    standing: one.inPeriod ? 'counted' : 'outside-period',
    personId: one.personId,
    personTimes: [one],
    answer: null,
  };
}

function countPersonTimes(personTimes: readonly PersonTime[]): Measurement {
  const inside = personTimes.filter((one) => one.inPeriod);
  return {
    numerator: inside.length,
    denominator: null,
    unverified: inside.filter((one) => !one.verified).length,
    outsidePeriod: personTimes.length - inside.length,
    attendees: null,
  };
}

const personTimes: MeasuredIndicator = {
  code: 'training.personTimes',
  rule: {
    id: 'training-person-times',
    version: 1,
    text: {
      'zh-CN': '一人上完一期计一人次：有效出勤的节数达到该期要求；五天的班也只计一次。',
      en: 'One person who completes one run counts once: valid attendance of as many sessions as the run asks for.',
    },
  },
  measure: (counted) => countPersonTimes(counted.personTimes),
  lines: (counted) => counted.personTimes.map(lineOf),
};

const isProfessional = (one: PersonTime): boolean => one.level === PROFESSIONAL_LEVEL;

const professionalPersonTimes: MeasuredIndicator = {
  code: 'training.professionalPersonTimes',
  rule: {
    id: 'training-professional-person-times',
    version: 1,
    text: {
      'zh-CN': '培训人次中级别为“专业技能培训”的部分，含在总人次内，不另加。',
      en: 'The part of the person-times whose run is professional-skill training; within the total, never added to it.',
    },
  },
  measure: (counted) => countPersonTimes(counted.personTimes.filter(isProfessional)),
  lines: (counted) => counted.personTimes.filter(isProfessional).map(lineOf),
};

const persons: MeasuredIndicator = {
  code: 'training.persons',
  rule: {
    id: 'training-persons',
    version: 1,
    text: {
      'zh-CN': '已核实身份的不同人数；未核实的另列。一人在两县受训，全州只计一人。',
      en: 'Distinct persons whose identity is verified; unverified ones apart. Trained in two counties, still one person.',
    },
  },
  measure({ personTimes: all }) {
    const inside = groupPersons(all.filter((one) => one.inPeriod));
    const outside = groupPersons(all);
    return {
      numerator: inside.verified.length,
      denominator: null,
      unverified: inside.unverified.length,
      outsidePeriod: outside.verified.length - inside.verified.length,
      attendees: null,
    };
  },
  lines({ personTimes: all }) {
    const inside = groupPersons(all.filter((one) => one.inPeriod));
    const known = new Set([...inside.verified, ...inside.unverified].map((group) => group[0]!.personId));
    const outside = groupPersons(all).verified.filter((group) => !known.has(group[0]!.personId));
    const line =
      (standing: EvidenceLine['standing']) =>
      (group: PersonTime[]): EvidenceLine => ({
        standing,
        personId: group[0]!.personId,
        personTimes: group,
        answer: null,
      });
    return [
      ...inside.verified.map(line('counted')),
      ...inside.unverified.map(line('unverified')),
      ...outside.map(line('outside-period')),
    ];
  },
};

const satisfaction: MeasuredIndicator = {
  code: 'training.satisfaction',
  rule: {
    id: 'training-satisfaction',
    version: 1,
    text: {
      'zh-CN': '（很满意＋满意）÷ 有效答卷；每期每名学员一份，只有上完的学员可答。',
      en: '(very satisfied + satisfied) ÷ valid answers; one answer per attendee and run, attendees only.',
    },
  },
  measure(counted) {
    const inside = counted.answers.filter(({ of }) => of.inPeriod);
    return {
      numerator: inside.filter(({ answer }) => isSatisfied(answer.overall)).length,
      denominator: inside.length,
      unverified: inside.filter(({ of }) => !of.verified).length,
      outsidePeriod: counted.answers.length - inside.length,
      attendees: counted.personTimes.filter((one) => one.inPeriod).length,
    };
  },
  lines: (counted) => counted.answers.map(({ answer, of }) => ({ ...lineOf(of), answer })),
};

/** What the hub measures so far. Everything else of a programme is shown as not measured yet. */
export const MEASURED: ReadonlyMap<string, MeasuredIndicator> = new Map(
  [personTimes, professionalPersonTimes, persons, satisfaction].map((one) => [one.code, one]),
);
