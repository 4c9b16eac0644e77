/** The OpenAPI 3.1 document of the platform, made from the route table and the contract's own schemas. */
import Type, { type TSchema } from 'typebox';
import * as documentSchemas from '../../contract/document.schema.ts';
import * as enrolmentSchemas from '../../contract/enrolment.schema.ts';
import * as operationSchemas from '../../contract/operation.schema.ts';
import * as apiSchemas from '../../contract/platform-api.schema.ts';
import * as eventSchemas from '../../contract/terminal-event.schema.ts';
import { ROUTES } from './route-table.ts';
import type { Caller, RouteDescription } from './route.types.ts';

type Json = Readonly<Record<string, unknown>>;

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: Json;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>>; readonly securitySchemes: Json };
}

/** Schemas by the name the contract exports them under; one that stands inside another is referred to, not repeated. */
const NAMES = new Map<unknown, string>(
  Object.entries({ ...eventSchemas, ...operationSchemas, ...enrolmentSchemas, ...documentSchemas, ...apiSchemas })
    .filter(([, schema]) => isObject(schema))
    .map(([name, schema]) => [schema, name]),
);

const SECURITY: Readonly<Record<Exclude<Caller, 'none'>, Json>> = {
  batchSignature: {
    type: 'http',
    scheme: 'signature',
    description:
      'RFC 9421 with alg="ed25519" and the terminal’s key over "@method" "@path" "content-digest" (RFC 9530); created within 5 minutes, each nonce once.',
  },
  callSignature: {
    type: 'http',
    scheme: 'signature',
    description: 'As batchSignature with alg="hmac-sha256" and the key both sides derive from X25519.',
  },
  thisMachine: {
    type: 'http',
    scheme: 'loopback',
    description: 'Answers on the platform’s own machine only, to no page of another site.',
  },
};

/** What each kind of caller and each body may be refused with, besides what a route names itself. */
const CALLER_REFUSALS: Readonly<Record<Caller, Readonly<Record<number, readonly string[]>>>> = {
  none: {},
  batchSignature: signedRefusals(),
  callSignature: signedRefusals(),
  thisMachine: { 403: ['ops.loopbackOnly'] },
};
const BODY_REFUSALS = {
  400: ['unreadable'],
  413: ['tooLarge'],
  415: ['notJson'],
  422: ['body.notInContract'],
} as const;

const FORM_REFUSALS = { 400: ['unreadable'], 413: ['tooLarge'], 415: ['notJson'] } as const;

function signedRefusals(): Readonly<Record<number, readonly string[]>> {
  return {
    401: ['signature.missing', 'signature.wrong', 'clock.skewed', 'signature.replayed'],
    403: ['terminal.suspended', 'terminal.notYours'],
    503: ['busy'],
  };
}

/** All codes a route may refuse with, by status. */
export function refusalsOf(route: RouteDescription): Readonly<Record<number, readonly string[]>> {
  const all = [
    CALLER_REFUSALS[route.caller],
    ...(route.body ? [BODY_REFUSALS] : []),
    ...(route.form || route.file !== undefined ? [FORM_REFUSALS] : []),
    route.refusals ?? {},
  ];
  const codes: Record<number, readonly string[]> = { 500: ['fault'] };
  for (const some of all)
    for (const [status, more] of Object.entries(some)) {
      codes[Number(status)] = [...new Set([...(codes[Number(status)] ?? []), ...more])].toSorted();
    }
  return codes;
}

export function openApiDocument(): OpenApiDocument {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of ROUTES) {
    const path = route.url.replaceAll(/:([a-zA-Z]+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, path) };
  }
  const schemas = Object.fromEntries(
    [...NAMES].map(([schema, name]) => [name, bodyOf(schema as TSchema)] as const).toSorted(byName),
  );
  return {
    openapi: '3.1.0',
    info: {
      title: 'Livelihood Kiosk platform',
      version: '1',
      description: 'Bodies are JSON. Every refusal has the body PlatformError; its code is for programs.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths: Object.fromEntries(Object.entries(paths).toSorted(byName)),
    components: { schemas, securitySchemes: SECURITY },
  };
}

function operationOf(route: RouteDescription, path: string): Json {
  const names = [...path.matchAll(/\{([a-zA-Z]+)\}/g)].map((match) => match[1] ?? '');
  const parameters = names.map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', maxLength: 64 },
  }));
  return {
    summary: route.summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.caller === 'none' ? { security: [] } : { security: [{ [route.caller]: [] }] }),
    ...contentOf('application/json', route.body),
    ...contentOf('application/x-www-form-urlencoded', route.form),
    ...contentOf(route.file ?? '', route.file === undefined ? undefined : Type.String()),
    responses: responsesOf(route),
  };
}

function contentOf(type: string, schema: TSchema | undefined): Json {
  return schema ? { requestBody: { required: true, content: { [type]: { schema: refer(schema) } } } } : {};
}

function responsesOf(route: RouteDescription): Json {
  const responses: Record<string, { description: string; content?: Json }> = {};
  for (const [status, codes] of Object.entries(refusalsOf(route)))
    responses[status] = {
      description: codes.join(', '),
      content: { 'application/json': { schema: errorWith(codes) } },
    };
  for (const [status, answer] of Object.entries(route.answers)) {
    const refusal = responses[status];
    const description = refusal ? `The answer, or ${refusal.description}` : 'The answer.';
    if (answer === 'empty') responses[status] = { description: 'Done.' };
    else if (typeof answer === 'string') {
      responses[status] = { description: 'A page.', content: { [answer]: { schema: { type: 'string' } } } };
    } else {
      const codes = refusalsOf(route)[Number(status)];
      const schema = codes ? { anyOf: [refer(answer), errorWith(codes)] } : refer(answer);
      responses[status] = { description, content: { 'application/json': { schema } } };
    }
  }
  return responses;
}

function errorWith(codes: readonly string[]): Json {
  return { allOf: [refer(apiSchemas.PlatformError), { properties: { code: { enum: codes } } }] };
}

function refer(schema: unknown): unknown {
  const name = NAMES.get(schema);
  return name === undefined ? copy(schema) : { $ref: `#/components/schemas/${name}` };
}

function bodyOf(schema: TSchema): Json {
  return copy(schema) as Json;
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(refer);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, refer(inner)]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object';
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}
