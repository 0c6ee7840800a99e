import type { Hono } from 'hono';
import { generateSpecs } from 'hono-openapi';
import type { OpenAPIV3_1 } from 'openapi-types';
import { z } from 'zod';
import { ANSWERS, refusal } from './api-answers.ts';
import { DOORS } from './platform/access/doors.ts';
import type { Rule } from './platform/access/rule.ts';
import { ACCESS } from './platform/access/table.ts';
import type { HubEnv } from './platform/http/environment.ts';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const REFUSAL = {
  description: 'Refused: code, sentence and fields',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Refusal' } } },
};

/**
 * The OpenAPI document. Paths and inputs come from the routes; who may call comes from the access table, refusals and
 * the answers outsiders rely on from api-answers.ts.
 */
export async function describeApi(app: Hono<HubEnv>): Promise<OpenAPIV3_1.Document> {
  const document = (await generateSpecs(app, {
    documentation: {
      openapi: '3.1.0',
      info: {
        title: 'Xiangbo 乡播',
        version: '1',
        description:
          'Refusals answer a code, a sentence in the reader’s language and the fields. Instants are ISO 8601 in UTC, days are of Asia/Shanghai.',
      },
    },
  })) as unknown as OpenAPIV3_1.Document;
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Refusal: jsonSchemaOf(refusal) },
    securitySchemes: {
      cookie: { type: 'apiKey', in: 'cookie', name: 'xiangbo_session' },
      bearer: { type: 'http', scheme: 'bearer' },
    },
  };
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of METHODS) {
      const operation = item?.[method];
      if (operation)
        completeOperation(operation, `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`);
    }
  }
  return document;
}

function completeOperation(operation: OpenAPIV3_1.OperationObject, door: string): void {
  const action = DOORS[door];
  const rule: Rule | undefined = action && ACCESS[action];
  const answer = ANSWERS[door];
  operation.responses = {
    [answer?.status ?? 200]: {
      description: 'Done',
      ...(answer ? { content: { 'application/json': { schema: jsonSchemaOf(answer.schema) } } } : {}),
    },
    default: REFUSAL,
  };
  if (rule) operation.security = securityOf(rule);
}

/** Empty: no credentials asked. Two entries: either will do. */
function securityOf(rule: Rule): OpenAPIV3_1.SecurityRequirementObject[] {
  if (rule.who === 'anyone') return [];
  const either: OpenAPIV3_1.SecurityRequirementObject[] =
    'tokens' in rule && rule.tokens ? [{ cookie: [] }, { bearer: [] }] : [{ cookie: [] }];
  return rule.who === 'roles' && rule.orMember ? [{}, ...either] : either;
}

function jsonSchemaOf(schema: z.ZodType): OpenAPIV3_1.SchemaObject {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12' });
  return rest as OpenAPIV3_1.SchemaObject;
}
