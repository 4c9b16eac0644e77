/**
 * The real Fastify app over SQLite in memory, without a socket, watched from outside: every answer is one that the OpenAPI
 * table declares, none is a 5xx, and what is refused has written nothing.
 */
import { Value } from 'typebox/value';
import type { LightMyRequestResponse } from 'fastify';
import { PlatformError } from '../../../contract/platform-api.schema.ts';
import { refusalsOf } from '../../../platform/openapi/document.ts';
import { readWritten, watchWrites, type WrittenRows } from './written-rows.ts';
import { findRoute, ROUTES } from '../../../platform/openapi/route-table.ts';
import type { RouteDescription } from '../../../platform/openapi/route.types.ts';
import { openPlatform, type OpenPlatform } from '../../../platform/platform.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';
import {
  namedChance,
  signedHeaders,
  TEST_PLATFORM_KEYS,
  testTerminal,
  type TestTerminal,
} from '../../support/test-identity.ts';

export const TERMINAL_IDS = ['kiosk-1', 'kiosk-2', 'kiosk-3'] as const;
export type TerminalId = (typeof TERMINAL_IDS)[number];
const terminals: Readonly<Record<TerminalId, TestTerminal>> = {
  'kiosk-1': await testTerminal('kiosk-1'),
  'kiosk-2': await testTerminal('kiosk-2'),
  'kiosk-3': await testTerminal('kiosk-3'),
};

/** A promise of the platform that a request showed broken. */
export class Broken extends Error {}

export interface Counts {
  requests: number;
  /** Answered with 2xx or 3xx. */
  accepted: number;
  /** Refusals of which it was looked up that nothing was written. */
  refusals: number;
  /** Answers by status and code. */
  readonly answers: Map<string, number>;
}

export interface Request {
  readonly method?: 'GET' | 'POST';
  readonly url: string;
  /** Text is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly body: unknown;
  readonly text: string;
}

/** What a refusal may write all the same: a fork is kept for a person to look at; a wrong enrolment code is counted. */
export type Trace = 'nothing' | 'quarantine' | 'wrongCode';

export interface Signing {
  readonly alg?: 'ed25519' | 'hmac-sha256';
  /** Added to the platform's time. */
  readonly skewMs?: number;
  /** Whose keys; the terminal's own when not said. */
  readonly with?: TerminalId;
}

/** Changes the platform behind its back: a planted bug. */
export type Sabotage = (platform: OpenPlatform) => void;

export class PlatformUnderFuzz {
  readonly clock = new SimulatedClock();
  readonly counts: Counts;
  readonly platform: OpenPlatform;
  readonly #chance = namedChance('fuzz nonces');
  /** As of the last request. */
  #written: WrittenRows = new Map();

  private constructor(platform: OpenPlatform, clock: SimulatedClock, counts: Counts) {
    this.platform = platform;
    this.clock = clock;
    this.counts = counts;
  }

  static async open(counts: Counts, sabotage: Sabotage | undefined): Promise<PlatformUnderFuzz> {
    const clock = new SimulatedClock();
    const platform = await openPlatform({
      databasePath: ':memory:',
      keys: TEST_PLATFORM_KEYS,
      terminals: TERMINAL_IDS.map((id) => terminals[id].enrolled),
      clock,
      chance: namedChance('fuzz platform'),
      onFault: (error) => {
        faults.set(platform, error);
      },
    });
    await watchWrites(platform.context.database);
    sabotage?.(platform);
    return new PlatformUnderFuzz(platform, clock, counts);
  }

  nowMs(): number {
    return this.clock.wallMs();
  }

  async wait(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.platform.context.presences.write();
    this.#written = await readWritten(this.platform.context.database);
  }

  identityOf(terminal: TerminalId): TestTerminal {
    return terminals[terminal];
  }

  /** The header fields of a request of this terminal. */
  sign(
    terminal: TerminalId,
    { url, method = 'POST', body }: Request,
    signing: Signing = {},
  ): Promise<Record<string, string>> {
    const { identity } = terminals[signing.with ?? terminal];
    return signedHeaders(
      identity,
      { method, path: url, body: textOf(body) },
      {
        nowMs: this.nowMs() + (signing.skewMs ?? 0),
        chance: this.#chance,
        ...(signing.alg === undefined ? {} : { alg: signing.alg }),
      },
    );
  }

  /** A terminal's request, signed as it should be. */
  async callAs(terminal: TerminalId, path: string, body: unknown, trace: Trace = 'nothing'): Promise<Answer> {
    const request = { url: `/v1/terminals/${terminal}/${path}`, body };
    return this.call({ ...request, headers: await this.sign(terminal, request) }, trace);
  }

  ops(url: string, body?: unknown): Promise<Answer> {
    return this.call(body === undefined ? { method: 'GET', url } : { url, body, headers: JSON_TYPE });
  }

  async call(request: Request, trace: Trace = 'nothing'): Promise<Answer> {
    const { method = 'POST', url, body, headers = {} } = request;
    const before = this.#written;
    const response = await this.platform.app.inject({
      method,
      url,
      headers,
      ...(body === undefined ? {} : { payload: textOf(body) }),
    });
    const answer = readAnswer(response);
    this.counts.requests += 1;
    if (answer.status < 400) this.counts.accepted += 1;
    const key = `${answer.status} ${answer.code ?? ''}`.trim();
    this.counts.answers.set(key, (this.counts.answers.get(key) ?? 0) + 1);
    const said = `${method} ${url.slice(0, 120)} -> ${answer.status} ${answer.text.slice(0, 200)}`;
    if (answer.status >= 500) throw new Broken(`${said} ${String(faults.get(this.platform))}`);
    checkDeclared(method, url, response, answer, said);
    this.#written = await readWritten(this.platform.context.database);
    if (answer.status >= 400) this.#checkUnchanged(before, trace, said);
    return answer;
  }

  #checkUnchanged(before: WrittenRows, trace: Trace, said: string): void {
    this.counts.refusals += 1;
    for (const [table, count] of this.#written) {
      const written = count - (before.get(table) ?? 0);
      const allowed = table === TRACES[trace] ? 1 : 0;
      if (written > allowed) throw new Broken(`${said} has written ${written} rows of ${table}`);
    }
  }

  close(): Promise<void> {
    return this.platform.close();
  }
}

/** The table in which a trace may be left. */
const TRACES: Readonly<Record<Trace, string>> = { nothing: '', quarantine: 'quarantine', wrongCode: 'enrolment_tries' };

/** The last bug behind a 500. */
const faults = new WeakMap<OpenPlatform, unknown>();
const JSON_TYPE = { 'content-type': 'application/json' } as const;

function textOf(body: unknown): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function readAnswer(response: LightMyRequestResponse): Answer {
  const isJson = String(response.headers['content-type'] ?? '').startsWith('application/json');
  const text = response.body;
  const body: unknown = isJson && text !== '' ? JSON.parse(text) : undefined;
  const code = Value.Check(PlatformError, body) ? body.code : undefined;
  return { status: response.statusCode, code, body, text };
}

/** The OpenAPI document tells the truth: status, code and body are those of the table. */
function checkDeclared(
  method: string,
  url: string,
  response: LightMyRequestResponse,
  { status, code, body, text }: Answer,
  said: string,
): void {
  const route = findRoute(method, routeOf(method, url));
  if (!route) {
    if (status !== 404 && status !== 403) throw new Broken(`${said}: no such address is declared`);
    return;
  }
  const codes = refusals(route)[status] ?? [];
  if (code !== undefined) {
    if (!codes.includes(code)) throw new Broken(`${said}: this refusal is not declared`);
    return;
  }
  const declared = route.answers[status];
  if (declared === undefined) throw new Broken(`${said}: this status is not declared`);
  if (declared === 'empty') {
    if (text !== '') throw new Broken(`${said}: should be empty`);
  } else if (typeof declared === 'string') {
    if (!String(response.headers['content-type']).startsWith(declared)) throw new Broken(`${said}: not ${declared}`);
  } else if (!Value.Check(declared, body)) throw new Broken(`${said}: the body is not the declared one`);
}

const REFUSALS = new Map<RouteDescription, ReturnType<typeof refusalsOf>>();

function refusals(route: RouteDescription): ReturnType<typeof refusalsOf> {
  const known = REFUSALS.get(route) ?? refusalsOf(route);
  REFUSALS.set(route, known);
  return known;
}

const PATTERNS = new Map<string, string | undefined>();

/** Which address of the table a path belongs to; a fixed word is nearer than a parameter. */
function routeOf(method: string, url: string): string | undefined {
  const [path = ''] = url.split('?', 1);
  const shape = `${method} ${path}`;
  if (PATTERNS.size > 5_000) PATTERNS.clear();
  if (!PATTERNS.has(shape)) PATTERNS.set(shape, findPattern(method, path));
  return PATTERNS.get(shape);
}

function findPattern(method: string, path: string): string | undefined {
  const fits = ROUTES.filter((route) => {
    const pattern = route.url.replaceAll('.', String.raw`\.`).replaceAll(/:[a-zA-Z]+/g, '[^/]{1,64}');
    return route.method === method && new RegExp(`^${pattern}$`).test(path);
  });
  return fits.toSorted((one, other) => one.url.split(':').length - other.url.split(':').length)[0]?.url;
}
