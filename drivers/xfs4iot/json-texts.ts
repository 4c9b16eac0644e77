/** Cuts a run of JSON objects apart: one text each, with the byte at which it begins. */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';

export interface JsonText {
  readonly text: string;
  readonly at: number;
}

const OPEN = 0x7b;
const CLOSE = 0x7d;
const QUOTE = 0x22;
const ESCAPE = 0x5c;

/** `device.garbage` for bytes that are not UTF-8, stand between the objects, or end inside one. */
export function splitJson(bytes: Uint8Array): Result<readonly JsonText[]> {
  const texts: JsonText[] = [];
  for (let at = 0; at < bytes.length;) {
    if (bytes[at] !== OPEN) return garbage(at, 'a message begins with {');
    const end = endOfObject(bytes, at);
    if (end === undefined) return garbage(bytes.length, `the message at ${at} is not closed`);
    const text = utf8(bytes.subarray(at, end));
    if (text === undefined) return garbage(at, 'the message is not UTF-8');
    texts.push({ text, at });
    at = end;
  }
  return texts.length === 0 ? garbage(0, 'nothing') : ok(texts);
}

function garbage(at: number, why: string): Result<never> {
  return fail('device.garbage', `byte ${at}: ${why}`);
}

/** Braces inside of texts do not count. */
function endOfObject(bytes: Uint8Array, start: number): number | undefined {
  let depth = 0;
  let isText = false;
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (isText && byte === ESCAPE) at += 1;
    else if (byte === QUOTE) isText = !isText;
    else if (!isText && byte === OPEN) depth += 1;
    else if (!isText && byte === CLOSE) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return undefined;
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
