/**
 * Lines of the Network UPS Tools protocol (RFC 9271 section 4), both directions: a table of forms, read and written by the
 * same two functions. A line ends with LF; a word with a space, quote or backslash stands in quotes, escaped by backslashes.
 */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';

/** `from`: `host` is the client of upsd, `device` is upsd. The other fields are the words of the form by name. */
export interface NutMessage {
  readonly kind: string;
  readonly from: 'host' | 'device';
  readonly [field: string]: string;
}

export type NutEvent =
  { readonly kind: 'message'; readonly message: NutMessage } | { readonly kind: 'garbage'; readonly bytes: number };

/** upsd cuts its lines at 512 bytes; a value may have doubled by escaping. */
export const MAX_LINE_BYTES = 1024;
const LF = 0x0a;

interface Form {
  readonly kind: string;
  readonly from: 'host' | 'device';
  /** Capitals stand as they are, `name` is a bare word, `"name"` a quoted one, `name*` the rest of the line. */
  readonly words: readonly string[];
}

function forms(from: Form['from'], table: Readonly<Record<string, string>>): readonly Form[] {
  return Object.entries(table).map(([kind, words]) => ({ kind, from, words: words.split(' ') }));
}

/** RFC 9271 4.2, with the older names of the same commands (LOGIN, LOGOUT, MASTER, NETVER) that upsd 2.8 still speaks. */
const HOST_FORMS = forms('host', {
  getVariable: 'GET VAR ups name',
  getType: 'GET TYPE ups name',
  getDescription: 'GET DESC ups name',
  getCommandDescription: 'GET CMDDESC ups command',
  getUpsDescription: 'GET UPSDESC ups',
  getAttached: 'GET NUMATTACH ups',
  getLogins: 'GET NUMLOGINS ups',
  listSupplies: 'LIST UPS',
  listVariables: 'LIST VAR ups',
  listWritable: 'LIST RW ups',
  listCommands: 'LIST CMD ups',
  listClients: 'LIST CLIENT ups',
  listChoices: 'LIST ENUM ups name',
  listRanges: 'LIST RANGE ups name',
  setVariable: 'SET VAR ups name "value"',
  instantCommand: 'INSTCMD ups command',
  instantCommandWithValue: 'INSTCMD ups command "value"',
  attach: 'ATTACH ups',
  login: 'LOGIN ups',
  detach: 'DETACH',
  logout: 'LOGOUT',
  primary: 'PRIMARY ups',
  master: 'MASTER ups',
  forcedShutdown: 'FSD ups',
  username: 'USERNAME username',
  password: 'PASSWORD password',
  startTls: 'STARTTLS',
  help: 'HELP',
  version: 'VER',
  protocolVersion: 'PROTVER',
  networkVersion: 'NETVER',
});

const DEVICE_FORMS = forms('device', {
  variable: 'VAR ups name "value"',
  type: 'TYPE ups name types*',
  description: 'DESC ups name "description"',
  commandDescription: 'CMDDESC ups command "description"',
  upsDescription: 'UPSDESC ups "description"',
  attached: 'NUMATTACH ups count',
  logins: 'NUMLOGINS ups count',
  supply: 'UPS ups "description"',
  writable: 'RW ups name "value"',
  command: 'CMD ups command',
  client: 'CLIENT ups address',
  choice: 'ENUM ups name "value"',
  range: 'RANGE ups name "minimum" "maximum"',
  beginList: 'BEGIN LIST what*',
  endList: 'END LIST what*',
  accepted: 'OK',
  acceptedWithText: 'OK text*',
  error: 'ERR code',
  errorWithText: 'ERR code text*',
  commands: 'Commands: text*',
  serverVersion: 'Network UPS Tools text*',
  version: 'number',
});

interface Word {
  readonly text: string;
  readonly isQuoted: boolean;
  /** Where it starts in the line. */
  readonly at: number;
}

/** Splits whatever comes into lines; a line that is none of the protocol, or never ends, is garbage. */
export class NutDecoder {
  #rest: number[] = [];
  /** Bytes of an over-long line that were let go already. */
  #skipped = 0;

  get pendingBytes(): number {
    return this.#rest.length;
  }

  push(chunk: Uint8Array): NutEvent[] {
    const events: NutEvent[] = [];
    for (const byte of chunk) {
      if (byte === LF) events.push(this.#endLine());
      else if (this.#rest.length < MAX_LINE_BYTES) this.#rest.push(byte);
      else this.#skipped += 1;
    }
    return events;
  }

  reset(): void {
    this.#rest = [];
    this.#skipped = 0;
  }

  #endLine(): NutEvent {
    const bytes = this.#rest.length + this.#skipped + 1;
    const read = this.#skipped > 0 ? undefined : readLine(Uint8Array.from(this.#rest));
    this.reset();
    return read?.ok ? { kind: 'message', message: read.value } : { kind: 'garbage', bytes };
  }
}

/** One line without its LF. `device.garbage` with what is wrong and at which byte. */
export function readLine(bytes: Uint8Array): Result<NutMessage> {
  const odd = bytes.findIndex((byte) => byte < 0x20 || byte === 0x7f);
  if (odd >= 0) return fail('device.garbage', `byte ${odd}: a control character inside a line`);
  let line: string;
  try {
    line = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return fail('device.garbage', 'byte 0: not UTF-8');
  }
  const words = wordsOf(line);
  if (!words.ok) return words;
  for (const form of [...HOST_FORMS, ...DEVICE_FORMS]) {
    const message = matchForm(form, words.value, line);
    if (message) return ok(message);
  }
  return fail('device.garbage', 'byte 0: no command or answer of RFC 9271');
}

/** The line with its LF. `device.garbage` when a field of the form is missing. */
export function writeLine(message: NutMessage): Result<Uint8Array> {
  const form = [...HOST_FORMS, ...DEVICE_FORMS].find(
    ({ kind, from }) => kind === message.kind && from === message.from,
  );
  if (!form) return fail('device.garbage', `no line of the kind ${message.kind}`);
  const words: string[] = [];
  for (const word of form.words) {
    const name = fieldOf(word);
    const value = name === undefined ? word : message[name];
    if (value === undefined) return fail('device.garbage', `${message.kind} needs ${name}`);
    const isFree = word.endsWith('*');
    words.push(word.startsWith('"') || (!isFree && mustQuote(value)) ? quoted(value) : value);
  }
  return ok(new TextEncoder().encode(`${words.join(' ')}\n`));
}

function matchForm(form: Form, words: readonly Word[], line: string): NutMessage | undefined {
  const rest = form.words.findIndex((word) => word.endsWith('*'));
  if (rest < 0 ? words.length !== form.words.length : words.length <= rest) return undefined;
  const message: Record<string, string> & { kind: string; from: Form['from'] } = { kind: form.kind, from: form.from };
  for (const [index, pattern] of form.words.entries()) {
    const word = words[index];
    if (!word || !fits(pattern, word)) return undefined;
    const name = fieldOf(pattern);
    if (name !== undefined) message[name] = pattern.endsWith('*') ? line.slice(word.at) : word.text;
  }
  return message;
}

function fits(pattern: string, { text, isQuoted }: Word): boolean {
  if (fieldOf(pattern) === undefined) return text === pattern && !isQuoted;
  if (pattern === 'number') return /^[0-9]+(?:\.[0-9]+)+$/.test(text);
  // A bare word is quoted when it must be; a value always is.
  return pattern.endsWith('*') || pattern.startsWith('"') === isQuoted || mustQuote(text);
}

/** Undefined for a word that stands as it is. */
function fieldOf(word: string): string | undefined {
  return /^"?(?<name>[a-z][A-Za-z]*)"?\*?$/.exec(word)?.groups?.['name'];
}

function wordsOf(line: string): Result<readonly Word[]> {
  const words: Word[] = [];
  let at = 0;
  while (at < line.length) {
    const match = /^(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<bare>[^ "]+))(?: |$)/.exec(line.slice(at));
    if (!match) return fail('device.garbage', `byte ${Buffer.byteLength(line.slice(0, at))}: a word without its end`);
    const inQuotes = match.groups?.['quoted'];
    const text = inQuotes === undefined ? (match.groups?.['bare'] ?? '') : inQuotes.replace(/\\(.)/g, '$1');
    words.push({ text, isQuoted: inQuotes !== undefined, at });
    at += match[0].length;
  }
  if (line.endsWith(' ')) return fail('device.garbage', `byte ${line.length - 1}: a space before the end of the line`);
  return ok(words);
}

function mustQuote(text: string): boolean {
  return text === '' || /[ "\\]/.test(text);
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
