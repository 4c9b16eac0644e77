/** What of a payload can be checked: words the sheet lists, base64, and that absent values are left out. */
import { ERROR_CODES, PAYLOAD_WORDS, STATUS_WORDS } from './xfs4iot-words.ts';

const CAMEL_CASE = /^[a-z][A-Za-z0-9]{0,60}$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const MAX_DEPTH = 16;
const STATUS_MESSAGES = ['Common.Status', 'Common.StatusChangedEvent'];

type Payload = Readonly<Record<string, unknown>>;

/** One sentence, or undefined when nothing speaks against it. */
export function payloadFault(name: string, type: string, payload: Payload): string | undefined {
  return shapeFault(payload, 'payload', 0) ?? errorFault(name, payload) ?? wordFault(name, type, payload);
}

function shapeFault(value: unknown, place: string, depth: number): string | undefined {
  if (value === null) return `${place} is null; absent values are left out`;
  if (depth > MAX_DEPTH) return `${place} lies too deep`;
  if (typeof value !== 'object') return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const fault = shapeFault(inner, `${place}.${key.slice(0, 40)}`, depth + 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function errorFault(name: string, { errorCode }: Payload): string | undefined {
  if (errorCode === undefined) return undefined;
  const known = Object.hasOwn(ERROR_CODES, name) ? ERROR_CODES[name] : undefined;
  const isKnown = typeof errorCode === 'string' && (known?.includes(errorCode) ?? CAMEL_CASE.test(errorCode));
  return isKnown ? undefined : `payload.errorCode is none of ${name}`;
}

function wordFault(name: string, type: string, payload: Payload): string | undefined {
  const own = Object.hasOwn(PAYLOAD_WORDS, name) ? PAYLOAD_WORDS[name] : undefined;
  const words = STATUS_MESSAGES.includes(name) && type !== 'command' ? STATUS_WORDS : (own ?? {});
  for (const [place, allowed] of Object.entries(words)) {
    const value = valueAt(payload, place);
    if (value !== undefined && !allowed.includes(value as string)) return `payload.${place} is none of its words`;
  }
  const isRaw = name === 'Printer.PrintRaw' && type === 'command';
  if (isRaw && !(typeof payload['data'] === 'string' && BASE64.test(payload['data'])))
    return 'payload.data is no base64';
  return undefined;
}

function valueAt(payload: Payload, place: string): unknown {
  return place
    .split('.')
    .reduce<unknown>(
      (value, key) => (typeof value === 'object' && value !== null ? (value as Payload)[key] : undefined),
      payload,
    );
}
