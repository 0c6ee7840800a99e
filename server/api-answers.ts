import { z } from 'zod';
import type { BroadcastView } from './broadcasts/messages.ts';
import { BROADCAST_STATES } from './broadcasts/rules.ts';
import type { EvidencePage } from './programme/evidence.ts';
import type { IndicatorPage } from './programme/indicators.ts';
import type { ErrorBody } from './platform/http/respond.ts';
import { ERROR_STATUS, type ErrorCode } from './platform/errors.ts';
import type { ReadinessCheck } from './platform/readiness.ts';

/**
 * The answers that users outside rely on, as schemas for the API document. Each is tied to the type its verb answers
 * with: when one moves, the build says so. A test reads real answers against them.
 */
const instant = z.iso.datetime();
const figure = z.object({
  value: z.number().nullable(),
  numerator: z.number().int().nullable(),
  denominator: z.number().int().nullable(),
  unverified: z.number().int(),
  outsidePeriod: z.number().int(),
  attendees: z.number().int().nullable(),
});
const place = z.object({ code: z.string(), name: z.string(), level: z.string() });
const targetState = z.enum(['met', 'on-track', 'at-risk', 'missed', 'no-data', 'no-target', 'not-measured']);
const rule = z.object({
  id: z.string(),
  version: z.number().int(),
  text: z.object({ 'zh-CN': z.string(), en: z.string() }),
});

const broadcast = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.enum(['class', 'sale']),
  state: z.enum(BROADCAST_STATES),
  visibility: z.enum(['public', 'members']),
  secondPublisher: z.enum(['take-over', 'refuse']),
  regionCode: z.string(),
  createdAt: instant,
  scheduledFor: instant.nullable(),
  liveAt: instant.nullable(),
  interruptedAt: instant.nullable(),
  endedAt: instant.nullable(),
  endReason: z.string().nullable(),
  viewers: z.number().int(),
  recordedMs: z.number().int(),
  replayMs: z.number().int(),
  picturedAt: instant.nullable(),
  recordingRemovedAt: instant.nullable(),
  addresses: z.object({
    watch: z.string(),
    hls: z.string(),
    sound: z.string(),
    thumbnail: z.string().nullable(),
  }),
  may: z.object({
    publish: z.boolean(),
    end: z.boolean(),
    chat: z.boolean(),
    direct: z.boolean(),
    nameCohosts: z.boolean(),
    askForFloor: z.boolean(),
    download: z.boolean(),
    trim: z.boolean(),
  }),
}) satisfies z.ZodType<BroadcastView>;

const cohosts = z.object({ cohosts: z.array(z.object({ accountId: z.string(), name: z.string() })) });

const indicators = z.object({
  programme: z.object({ id: z.string(), name: z.string(), startsOn: z.iso.date(), endsOn: z.iso.date() }),
  region: place,
  asOf: z.iso.date().nullable(),
  freshness: z.object({ seq: z.number().int(), factRecordedAt: instant, appliedAt: instant }).nullable(),
  indicators: z.array(
    z.object({
      code: z.string(),
      name: z.string(),
      unit: z.string(),
      figure: figure.nullable(),
      target: z
        .object({
          value: z.number().nullable(),
          operator: z.enum(['>=', '>', '<=', '=', 'is']),
          scope: z.enum(['whole', 'each-county', 'by-county']),
          clause: z.string(),
          note: z.string().nullable(),
          dueOn: z.iso.date(),
        })
        .nullable(),
      state: targetState,
      countiesMeeting: z.object({ met: z.number().int(), of: z.number().int() }).nullable(),
      rule: rule.nullable(),
      evidence: z.string().nullable(),
      counties: z
        .array(figure.extend({ county: place, target: z.number().nullable(), state: targetState }))
        .nullable(),
    }),
  ),
});

const evidence = z.object({
  indicator: z.string(),
  region: z.object({ code: z.string(), name: z.string() }),
  asOf: z.iso.date().nullable(),
  standing: z.enum(['counted', 'unverified', 'outside-period']),
  rule,
  figure: z.object({
    value: z.number().nullable(),
    numerator: z.number(),
    denominator: z.number().nullable(),
  }),
  items: z.array(
    z.object({
      person: z.object({
        displayName: z.string(),
        verified: z.boolean(),
        homeRegionName: z.string().nullable(),
      }),
      runs: z.array(
        z.object({
          runId: z.string(),
          title: z.string(),
          regionName: z.string(),
          form: z.string(),
          level: z.string(),
          occurredAt: instant,
          recordedAt: instant,
          attendances: z.array(
            z.object({ sessionTitle: z.string(), occurredAt: instant, method: z.string() }),
          ),
        }),
      ),
      overall: z.number().int().nullable(),
    }),
  ),
  page: z.number().int(),
  pageCount: z.number().int(),
  total: z.number().int(),
});

/** What every refused request answers. */
export const refusal = z.object({
  error: z.object({
    code: z.enum(Object.keys(ERROR_STATUS) as [ErrorCode, ...ErrorCode[]]),
    sentence: z.string(),
    message: z.string(),
    fields: z.array(z.object({ path: z.string(), rule: z.string(), message: z.string() })),
    params: z.record(z.string(), z.union([z.string(), z.number()])),
    requestId: z.string(),
  }),
}) satisfies z.ZodType<ErrorBody>;

const readiness = z.object({
  status: z.enum(['ready', 'not-ready']),
  checks: z.array(
    z.object({
      name: z.string(),
      ok: z.boolean(),
      detail: z.string().optional(),
    }) satisfies z.ZodType<ReadinessCheck>,
  ),
});

/** A described answer; does not compile where the verb's own type does not fit the schema. */
function answers<Answer>() {
  return <Schema extends z.ZodType>(
    status: number,
    schema: Answer extends z.infer<Schema> ? Schema : never,
  ) => ({
    status,
    schema,
  });
}

/** By door: the status of success and the shape of its answer. */
export const ANSWERS: Readonly<Record<string, { status: number; schema: z.ZodType }>> = {
  'GET /healthz': { status: 200, schema: z.object({ status: z.literal('alive') }) },
  'GET /readyz': { status: 200, schema: readiness },
  'POST /api/auth/login': { status: 200, schema: z.object({ signedIn: z.literal(true) }) },
  'POST /api/auth/tokens': {
    status: 201,
    schema: z.object({ id: z.string(), token: z.string(), expiresAt: instant }),
  },
  'GET /api/broadcasts': { status: 200, schema: z.object({ broadcasts: z.array(broadcast) }) },
  'POST /api/broadcasts': { status: 201, schema: broadcast },
  'GET /api/broadcasts/:id': { status: 200, schema: broadcast },
  'POST /api/broadcasts/:id/end': { status: 200, schema: broadcast },
  'GET /api/broadcasts/:id/cohosts': { status: 200, schema: cohosts },
  'POST /api/broadcasts/:id/cohosts': { status: 200, schema: cohosts },
  'DELETE /api/broadcasts/:id/cohosts/:accountId': { status: 200, schema: cohosts },
  'GET /api/programmes/:id/indicators': answers<IndicatorPage>()(200, indicators),
  'GET /api/programmes/:id/indicators/:code/evidence': answers<EvidencePage>()(200, evidence),
};
