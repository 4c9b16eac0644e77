/** IPP as the printer reads and writes it, from RFC 8010 section 3 alone. Values stay bytes; the printer knows what it asked for. */

export interface Attribute {
  readonly name: string;
  readonly values: readonly { readonly tag: number; readonly value: Buffer }[];
}

export interface Request {
  readonly version: Buffer;
  readonly operation: number;
  readonly requestId: number;
  readonly groups: readonly { readonly tag: number; readonly attributes: readonly Attribute[] }[];
  readonly document: Buffer;
}

export const TAG = {
  noValue: 0x13,
  integer: 0x21,
  boolean: 0x22,
  enum: 0x23,
  text: 0x41,
  name: 0x42,
  keyword: 0x44,
  uri: 0x45,
  charset: 0x47,
  language: 0x48,
  mime: 0x49,
} as const;
export const GROUP = { operation: 1, job: 2, printer: 4, unsupported: 5 } as const;
const END = 3;

/** Undefined for bytes that are no request. */
export function readRequest(body: Buffer): Request | undefined {
  try {
    return parse(body);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function parse(body: Buffer): Request | undefined {
  const groups: { tag: number; attributes: { name: string; values: { tag: number; value: Buffer }[] }[] }[] = [];
  let at = 8;
  for (;;) {
    const tag = body.readUInt8(at);
    at += 1;
    if (tag === END) break;
    if (tag <= 0x0f) {
      groups.push({ tag, attributes: [] });
      continue;
    }
    const name = slice(body, at);
    at += 2 + name.length;
    const value = slice(body, at);
    at += 2 + value.length;
    const group = groups.at(-1);
    if (!group) return undefined;
    if (name.length > 0) group.attributes.push({ name: name.toString(), values: [] });
    group.attributes.at(-1)?.values.push({ tag, value });
  }
  return {
    version: body.subarray(0, 2),
    operation: body.readUInt16BE(2),
    requestId: body.readInt32BE(4),
    groups,
    document: body.subarray(at),
  };
}

function slice(body: Buffer, at: number): Buffer {
  const length = body.readInt16BE(at);
  if (length < 0 || at + 2 + length > body.length) throw new RangeError('cut');
  return body.subarray(at + 2, at + 2 + length);
}

/** An attribute ready to be sent: `value` as the tag wants it; several make a set. */
export type Line = readonly [tag: number, name: string, ...values: readonly (string | number | boolean | null)[]];

export function writeAnswer(
  request: Pick<Request, 'version' | 'requestId'>,
  status: number,
  groups: readonly { readonly tag: number; readonly lines: readonly Line[] }[],
): Buffer {
  const head = Buffer.alloc(8);
  request.version.copy(head);
  head.writeUInt16BE(status, 2);
  head.writeInt32BE(request.requestId, 4);
  const parts: Uint8Array[] = [head];
  for (const { tag, lines } of groups) {
    parts.push(Buffer.from([tag]));
    for (const [valueTag, name, ...values] of lines) {
      for (const [index, value] of values.entries()) parts.push(field(valueTag, index === 0 ? name : '', value));
    }
  }
  parts.push(Buffer.from([END]));
  return Buffer.concat(parts);
}

function field(tag: number, name: string, value: string | number | boolean | null): Buffer {
  const bytes = valueBytes(value);
  const head = Buffer.alloc(3 + Buffer.byteLength(name) + 2);
  head.writeUInt8(value === null ? TAG.noValue : tag);
  head.writeUInt16BE(Buffer.byteLength(name), 1);
  head.write(name, 3);
  head.writeUInt16BE(bytes.length, head.length - 2);
  return Buffer.concat([head, bytes]);
}

function valueBytes(value: string | number | boolean | null): Buffer {
  if (value === null) return Buffer.alloc(0);
  if (typeof value === 'string') return Buffer.from(value);
  if (typeof value === 'boolean') return Buffer.from([value ? 1 : 0]);
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export function textIn(request: Request, name: string): string | undefined {
  return valueIn(request, name)?.toString();
}

export function integerIn(request: Request, name: string): number | undefined {
  const value = valueIn(request, name);
  return value?.length === 4 ? value.readInt32BE() : undefined;
}

function valueIn(request: Request, name: string): Buffer | undefined {
  return request.groups[0]?.attributes.find((attribute) => attribute.name === name)?.values[0]?.value;
}
