import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { namedChance, TEST_PLATFORM_KEYS } from '../../tests/support/test-identity.ts';
import { openPlatform } from '../platform.ts';
import { breakingChanges } from './breaking-changes.ts';
import { openApiDocument } from './document.ts';
import { ROUTES } from './route-table.ts';

type Document = ReturnType<typeof openApiDocument>;
const committedText = readFileSync(new URL('../openapi.json', import.meta.url), 'utf8');
const committed = JSON.parse(committedText) as Document;

describe('the committed document', () => {
  it('is the one this code makes: `node platform/openapi/write-document.main.ts` writes it anew', () => {
    expect(JSON.parse(JSON.stringify(openApiDocument()))).toEqual(committed);
  });

  it('breaks no terminal of an earlier release', () => {
    expect(breakingChanges(committed, openApiDocument())).toEqual([]);
  });

  it('names every refusal with its code, and refers to nothing that is not there', () => {
    const names = Object.keys(committed.components.schemas);
    const referred = [...committedText.matchAll(/#\/components\/schemas\/([A-Za-z]+)/g)].map((match) => match[1] ?? '');
    expect(referred.filter((name) => !names.includes(name))).toEqual([]);
    expect(referred).toContain('BatchRequest');
    expect(Object.keys(committed.paths)).toContain('/v1/terminals/{terminal}/streams/{stream}/batches');
  });
});

describe('the table of routes', () => {
  it('holds every address there is, and none that there is not', async () => {
    const platform = await openPlatform({
      databasePath: ':memory:',
      keys: TEST_PLATFORM_KEYS,
      clock: new SimulatedClock(),
      chance: namedChance('openapi'),
    });
    try {
      const missing = ROUTES.filter(({ method, url }) => !platform.app.hasRoute({ method, url }));
      expect(missing.map(({ url }) => url)).toEqual([]);
      const tree = platform.app.printRoutes({ commonPrefix: false });
      const real = [...tree.matchAll(/\(([A-Z, ]+)\)/g)].flatMap((match) => (match[1] ?? '').split(', '));
      const counted = real.filter((method) => method !== 'HEAD').length;
      expect(counted, tree).toBe(ROUTES.filter(({ method }) => method !== 'HEAD').length);
    } finally {
      await platform.close();
    }
  });
});

describe('a change that would break an earlier terminal', () => {
  type Change = (document: Document) => void;
  interface Shape {
    properties: Record<string, unknown>;
    required?: string[];
  }
  const schema = (document: Document, name: string): Shape => document.components.schemas[name] as unknown as Shape;
  const mutable = (document: Document): { paths: Record<string, Record<string, Record<string, unknown>>> } =>
    document as never;

  it.each<[string, Change, RegExp]>([
    ['an address that is gone', (d) => delete mutable(d).paths['/v1/enrol'], /POST \/v1\/enrol: is gone/],
    [
      'a field of an answer that is gone',
      (d) => delete schema(d, 'TicketBlock').properties['day'],
      /answer 200 \/day: is gone/,
    ],
    [
      'a field of an answer that is not promised any more',
      (d) => (schema(d, 'TicketBlock').required = ['block']),
      /is not promised any more/,
    ],
    [
      'a new field that a request must have',
      (d) => require(schema(d, 'TicketBlockRequest'), 'priority'),
      /request \/priority: is asked for now/,
    ],
    [
      'a field that a request may not have any more',
      (d) => delete schema(d, 'BatchRequest').properties['clock'],
      /request \/clock: is gone/,
    ],
    [
      'a narrower limit',
      (d) => (schema(d, 'TicketBlockRequest').properties['size'] = { type: 'integer', minimum: 1, maximum: 100 }),
      /request \/size: maximum changed/,
    ],
    [
      'another type',
      (d) => (schema(d, 'TicketBlockRequest').properties['size'] = { type: 'string' }),
      /was integer, is string/,
    ],
    [
      'a narrower pattern',
      (d) => (schema(d, 'CodeCheckRequest').properties['code'] = { type: 'string', pattern: '^[1-9]{6}$' }),
      /pattern changed/,
    ],
    [
      'a word that is not taken any more',
      (d) => (schema(d, 'FingerEndRequest').properties['end'] = { enum: ['match', 'noMatch'] }),
      /"notCompared" is not taken any more/,
    ],
    [
      'a word that was never answered before',
      (d) => (schema(d, 'CodeCheckReply').properties['verdict'] = { enum: ['match', 'noMatch', 'paused', 'perhaps'] }),
      /"perhaps" was never answered before/,
    ],
    [
      'a kind of event that is not taken any more',
      (d) => void (d.components.schemas['TerminalEvent'] as { anyOf: unknown[] }).anyOf.splice(1, 1),
      /is not taken any more/,
    ],
    ['another caller', (d) => (operation(d)['security'] = [{ batchSignature: [] }]), /another caller/],
  ])('%s', (_name, change, line) => {
    const changed = structuredClone(committed);
    change(changed);
    expect(breakingChanges(committed, changed).join('\n')).toMatch(line);
  });

  it('is not one that only adds: an address, an optional field, a wider limit', () => {
    const changed = structuredClone(committed);
    mutable(changed).paths['/v1/new'] = { post: {} };
    schema(changed, 'TicketBlockRequest').properties['note'] = { type: 'string' };
    schema(changed, 'TicketBlock').properties['note'] = { type: 'string' };
    schema(changed, 'TicketBlockRequest').properties['size'] = { type: 'integer', minimum: 1, maximum: 500 };
    expect(breakingChanges(committed, changed)).toEqual([]);
  });

  function require(shape: Shape, name: string): void {
    shape.properties[name] = { type: 'string' };
    shape.required = [...(shape.required ?? []), name];
  }

  function operation(document: Document): Record<string, unknown> {
    return mutable(document).paths['/v1/terminals/{terminal}/heartbeat']?.['post'] ?? {};
  }
});
