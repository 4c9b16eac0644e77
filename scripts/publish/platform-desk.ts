/** The platform's own door, as whoever publishes needs it: what is out, and what is put there. Nothing rejects. */
import Type, { type Static } from 'typebox';
import { parse } from '../../contract/check.ts';
import { Channel, Delegation, SignedDocument } from '../../contract/document.schema.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { PlatformError } from '../../contract/platform-api.schema.ts';

const Release = Type.Object({
  channel: Channel,
  version: Type.Integer(),
  ring: Type.Integer(),
  state: Type.Enum(['rolling', 'halted']),
});
export type Release = Static<typeof Release>;

export interface PlatformDesk {
  releases(channel: Channel): Promise<Result<readonly Release[]>>;
  document(channel: Channel, version: number): Promise<Result<SignedDocument>>;
  /** Undefined while no key may sign anything. */
  delegation(): Promise<Result<Delegation | undefined>>;
  publish(document: SignedDocument): Promise<Result<undefined>>;
  delegate(delegation: Delegation): Promise<Result<undefined>>;
  advance(channel: Channel, version: number): Promise<Result<undefined>>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export function createPlatformDesk(baseUrl: string, fetch: typeof globalThis.fetch): PlatformDesk {
  async function ask(path: string, content?: unknown): Promise<Result<Answer>> {
    const headers = { 'content-type': 'application/json' };
    const init = content === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(content) };
    try {
      const response = await fetch(`${baseUrl}/v1/ops/${path}`, init);
      const text = await response.text();
      return ok({ status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) });
    } catch {
      return fail('platform.offline', baseUrl); // no answer, or one that is none of the platform's
    }
  }
  async function put(path: string, content: unknown): Promise<Result<undefined>> {
    const answer = await ask(path, content);
    if (!answer.ok) return answer;
    return answer.value.status === 204 ? ok(undefined) : refusalOf(answer.value);
  }
  async function read<Schema extends Type.TSchema>(schema: Schema, path: string): Promise<Result<Static<Schema>>> {
    const answer = await ask(path);
    if (!answer.ok) return answer;
    return answer.value.status === 200
      ? parse(schema, answer.value.body, 'platform.badAnswer')
      : refusalOf(answer.value);
  }

  return {
    async releases(channel) {
      const all = await read(Type.Array(Release), 'documents');
      return all.ok ? ok(all.value.filter((release) => release.channel === channel)) : all;
    },
    document: (channel, version) => read(SignedDocument, `documents/${channel}/${version}`),
    async delegation() {
      const answer = await ask('delegations');
      if (!answer.ok) return answer;
      if (answer.value.status === 404) return ok(undefined);
      return parse(Delegation, answer.value.body, 'platform.badAnswer');
    },
    publish: (document) => put('documents', document),
    delegate: (delegation) => put('delegations', delegation),
    advance: (channel, version) => put('documents/advance', { channel, version }),
  };
}

function refusalOf({ status, body }: Answer): Result<never> {
  const error = parse(PlatformError, body);
  return fail('publication.refused', error.ok ? `${error.value.code}: ${error.value.message}` : `http ${status}`);
}
