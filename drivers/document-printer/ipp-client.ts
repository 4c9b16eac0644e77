/** Questions and answers of IPP with numbers, deadlines and words (RFC 8011 4.1). */
import { problem, type Problem } from '../../contract/outcome.schema.ts';
import type { Interruption, Scope } from '../link/scope.ts';
import { isSuccess, operationName, statusName } from './ipp-codes.ts';
import type { IppTransport } from './ipp-transport.ts';
import type { IppAttribute, IppScalar } from './ipp-values.codec.ts';
import { decodeIpp, encodeIpp, type IppGroup } from './ipp.codec.ts';

export interface IppQuestion {
  readonly operation: number;
  readonly operationAttributes?: readonly IppAttribute[];
  readonly jobAttributes?: readonly IppAttribute[];
  readonly document?: Uint8Array;
  readonly timeoutMs: number;
}

export type IppReply =
  | { readonly kind: 'done'; readonly groups: readonly IppGroup[] }
  /** The printer said no: it has carried out nothing. */
  | { readonly kind: 'refused'; readonly status: number; readonly detail: string }
  /** Nothing reached the printer. */
  | { readonly kind: 'unsent'; readonly problem: Problem }
  /** The question, or a part of it, reached the printer; what it made of it is not known. */
  | { readonly kind: 'unanswered'; readonly problem: Problem }
  | { readonly kind: Interruption };

/** The name under which the printer keeps our jobs; the same in every run, or they could not be found again. */
export const USER = 'kiosk';

export class IppClient {
  readonly #transport: IppTransport;
  readonly #version: string;
  readonly #printerUri: string;
  #requestId = 0;

  constructor(transport: IppTransport, version: string, printerUri: string) {
    this.#transport = transport;
    this.#version = version;
    this.#printerUri = printerUri;
  }

  async ask(scope: Scope, question: IppQuestion): Promise<IppReply> {
    if (scope.interruption) return { kind: 'unsent', problem: problem('kiosk.cancelled') };
    this.#requestId = (this.#requestId % 0x7fff_fffe) + 1;
    const requestId = this.#requestId;
    const giveUp = new AbortController();
    const delivery = this.#transport.deliver(this.#encode(question, requestId), giveUp.signal);
    const wait = await scope.raceOf(delivery, question.timeoutMs);
    giveUp.abort();
    if (wait.kind === 'timeout') return unanswered('device.absent', `${operationName(question.operation)}: no answer`);
    if (wait.kind !== 'got') return { kind: wait.kind };
    return wait.value.kind === 'answered' ? this.#read(wait.value.body, requestId) : wait.value;
  }

  #encode(
    { operation, operationAttributes = [], jobAttributes = [], document }: IppQuestion,
    requestId: number,
  ): Uint8Array {
    const head = [
      attribute('attributes-charset', 'charset', 'utf-8'),
      attribute('attributes-natural-language', 'naturalLanguage', 'en'),
      attribute('printer-uri', 'uri', this.#printerUri),
    ];
    // The order of the first attributes is the RFC's: charset, language, target, then the job's number (8011 4.1.4, 4.1.5).
    const isTarget = ({ name }: IppAttribute): boolean => name === 'job-id';
    const user = attribute('requesting-user-name', 'nameWithoutLanguage', USER);
    const attributes = [
      ...head,
      ...operationAttributes.filter(isTarget),
      user,
      ...operationAttributes.filter((each) => !isTarget(each)),
    ];
    const groups: IppGroup[] = [{ group: 'operation', attributes }];
    if (jobAttributes.length > 0) groups.push({ group: 'job', attributes: jobAttributes });
    const data = document ?? new Uint8Array();
    const message = encodeIpp({ version: this.#version, code: operation, requestId, groups, data });
    if (!message.ok) throw new Error(message.problem.detail);
    return message.value;
  }

  #read(body: Uint8Array, requestId: number): IppReply {
    const message = decodeIpp(body);
    if (!message.ok) return unanswered('device.garbage', message.problem.detail ?? '');
    const { code, groups } = message.value;
    if (message.value.requestId !== requestId) return unanswered('device.garbage', 'an answer to another question');
    if (isSuccess(code)) return { kind: 'done', groups };
    const said = textOf(
      groups.find(({ group }) => group === 'operation'),
      'status-message',
    );
    return { kind: 'refused', status: code, detail: `${statusName(code)}${said === undefined ? '' : `: ${said}`}` };
  }
}

function unanswered(code: Problem['code'], detail: string): IppReply {
  return { kind: 'unanswered', problem: problem(code, detail) };
}

export function attribute(name: string, syntax: string, ...values: readonly IppScalar[]): IppAttribute {
  return { name, values: values.map((value) => ({ syntax, value })) };
}

export function valuesOf(group: IppGroup | undefined, name: string): readonly unknown[] {
  return group?.attributes.find((each) => each.name === name)?.values.map(({ value }) => value) ?? [];
}

/** The text of a keyword, name or text, with or without its language. */
export function textsOf(group: IppGroup | undefined, name: string): readonly string[] {
  return valuesOf(group, name).flatMap((value) => {
    if (typeof value === 'string') return [value];
    return typeof value === 'object' && value !== null && 'text' in value ? [String(value.text)] : [];
  });
}

export function textOf(group: IppGroup | undefined, name: string): string | undefined {
  return textsOf(group, name)[0];
}

export function numberOf(group: IppGroup | undefined, name: string): number | undefined {
  const [value] = valuesOf(group, name);
  return typeof value === 'number' ? value : undefined;
}

/** The attribute is there and says that there is no value (RFC 8010 3.8: unknown, no-value). */
export function isNoValue(group: IppGroup | undefined, name: string): boolean {
  const found = group?.attributes.find((each) => each.name === name);
  return found?.values.every(({ syntax }) => syntax === 'no-value') === true;
}
