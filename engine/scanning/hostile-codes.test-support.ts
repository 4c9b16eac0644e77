/** The hostile codes of needs A10, made the same each time: what people print, and what people forge. */
import { sign, type KeyObject } from 'node:crypto';
import type { ScanRejectedClass, ScanToken } from '../../contract/scan-token.schema.ts';

export interface HostileCode {
  readonly name: string;
  readonly code: Uint8Array;
  /** The classes it may be refused as. */
  readonly refusedAs: readonly ScanRejectedClass[];
}

export interface Forgery {
  readonly key: KeyObject;
  readonly strangerKey: KeyObject;
  /** A token the terminal would accept. */
  readonly good: ScanToken;
  readonly nowMs: number;
}

export function signed(token: unknown, key: KeyObject, prefix = 'LK1'): string {
  const payload = Buffer.from(typeof token === 'string' ? token : JSON.stringify(token)).toString('base64url');
  const body = `${prefix}.${payload}`;
  return `${body}.${sign(null, Buffer.from(body), key).toString('base64url')}`;
}

/** 22 characters that differ for each number. */
export function nonceOf(number: number): string {
  return String(number).padStart(22, 'n');
}

const FORM = ['form'] as const;
const TOO_LONG = ['length'] as const;

const CONTROLS = Array.from({ length: 32 }, (_unused, code) => String.fromCharCode(code));
const LINKS = [
  'javascript:alert(1)',
  'file:///etc/passwd',
  'data:text/html,<script>1</script>',
  'http://127.0.0.1:9100/',
  'https://kiosk.panyu.gov.cn.example.com/login',
  'https://xn--panyu-9o0a.gov.cn/',
  'https://раnуu.gov.cn/',
  'kiosk://maintainer/open',
  'intent://scan/#Intent;scheme=zxing;end',
  'weixin://wxpay/bizpayurl?pr=AbCdEf1',
  '\\\\10.0.0.9\\share\\run.exe',
  'about:blank#LK1.',
];
const BIDI = ['\u202e', '\u202d', '\u2066', '\u2067', '\u200f', '\u061c', '\ufeff', '\u200b'];
const PRINTER = [
  '\u001b@',
  '\u001bp\u0000\u0019\u00fa',
  '\u001dV\u0000',
  '\u0010\u0014\u0001\u0000\u0005',
  '\u001d(k\u0003\u0000',
  '\u001b=\u0001',
];
const FORMULAS = ['=HYPERLINK("http://x")', "+cmd|' /C calc'!A0", '-2+3', '@SUM(1+1)', '=1+1', '\t=1+1'];
const SET_UP = ['@NLS0006010', '^3@SETUPE1', 'PAP124.', '\u0016M\rDEFALT.', '$%SSETUP', '%%RESTART'];
const INJECTIONS = [
  "' OR 1=1 --",
  '"; rm -rf / #',
  '${jndi:ldap://x/a}',
  '{{7*7}}',
  '../../etc/shadow',
  '%00',
  '__proto__',
  '<img src=x onerror=1>',
];
const PAYMENT = ['134567890123456789', '281234567890123456', '6200000000000000005', '440113190001010011'];

/** 500 codes; the order and the bytes are the same in every run. */
export function hostileCodes(forgery: Forgery): readonly HostileCode[] {
  const codes = [
    ...texts(
      'control characters',
      CONTROLS.map((control) => `A${control}B`),
    ),
    ...texts('link', LINKS),
    ...texts(
      'bidirectional text',
      BIDI.map((mark) => `LK1.${mark}abc`),
    ),
    ...texts('printer command', PRINTER),
    ...texts('formula', FORMULAS),
    ...texts('set-up code', SET_UP),
    ...texts('injection', INJECTIONS),
    ...texts('somebody’s payment or card number', PAYMENT),
    hostile('7,000 digits', Buffer.alloc(7_000, '7'), TOO_LONG),
    hostile('4 kB of binary', binary(4_096, 1), TOO_LONG),
    hostile('513 bytes', Buffer.alloc(513, 'L'), TOO_LONG),
    hostile('512 bytes of nothing', Buffer.alloc(512), FORM),
    hostile('no byte at all', new Uint8Array(), FORM),
    ...forged(forgery),
    ...malformedPayloads(forgery),
  ];
  const random = Array.from({ length: 500 - codes.length }, (_unused, index) =>
    hostile(`random bytes ${index}`, binary(1 + ((index * 37) % 512), index), FORM),
  );
  return [...codes, ...random];
}

function forged({ key, strangerKey, good, nowMs }: Forgery): HostileCode[] {
  const own = (change: Partial<Record<keyof ScanToken, unknown>>, number: number): string =>
    signed({ ...good, nonce: nonceOf(number), ...change }, key);
  const code = signed({ ...good, nonce: nonceOf(1) }, key);
  const [prefix = '', payload = '', signature = ''] = code.split('.');
  const other = Buffer.from(JSON.stringify({ ...good, subject: 'case-2', nonce: nonceOf(1) })).toString('base64url');
  const flips = Array.from({ length: 60 }, (_unused, at) => {
    const bytes = Buffer.from(code);
    const place = Math.floor((at * bytes.length) / 60);
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    return hostile(`a good code with character ${place} changed`, bytes, ['form', 'signature']);
  });
  return [
    ...flips,
    hostile('another’s subject under a good signature', Buffer.from(`${prefix}.${other}.${signature}`), ['signature']),
    hostile('signed by a stranger', Buffer.from(signed(good, strangerKey)), ['signature']),
    hostile('a signature of zeros', Buffer.from(`${prefix}.${payload}.${'A'.repeat(86)}`), ['signature']),
    hostile('no signature', Buffer.from(`${prefix}.${payload}.`), FORM),
    hostile('another version', Buffer.from(signed(good, key, 'LK2')), FORM),
    hostile('a good code with a line end', Buffer.from(`${code}\n`), FORM),
    hostile('a good code twice', Buffer.from(`${code}${code}`), ['form', 'length']),
    hostile('a good code behind a byte order mark', Buffer.from(`\ufeff${code}`), FORM),
    ...[1, 1_000, 60_000, 86_400_000].map((ageMs) =>
      hostile(`expired ${ageMs} ms ago`, Buffer.from(own({ expires: nowMs - ageMs }, 2)), ['expired']),
    ),
    hostile('expiring now', Buffer.from(own({ expires: nowMs }, 2)), ['expired']),
    ...['station-2', 'terminal-9', 'STATION-1', 'station-1-x'].map((audience) =>
      hostile(`for ${audience}`, Buffer.from(own({ audience }, 3)), ['audience']),
    ),
    ...['resume', 'appointment', 'hand-off', 'maintainer'].map((purpose) =>
      hostile(`for ${purpose}`, Buffer.from(own({ purpose }, 4)), ['purpose']),
    ),
  ];
}

/** Properly signed and still not what the contract says: a platform gone wrong must not open doors either. */
function malformedPayloads({ key, good }: Forgery): HostileCode[] {
  const { nonce: _nonce, ...withoutNonce } = good;
  const payloads: readonly unknown[] = [
    'not json',
    '',
    'null',
    '[]',
    '{}',
    '"LK1"',
    '{"purpose":',
    withoutNonce,
    { ...good, extra: 1 },
    { ...good, nonce: 'short' },
    { ...good, expires: '9999999999999' },
    { ...good, expires: -1 },
    { ...good, expires: null },
    { ...good, expires: 1.5 },
    { ...good, audience: ['station-1'] },
    { ...good, audience: '' },
    { ...good, subject: '陈小明' },
    { ...good, subject: '../door/7' },
    { ...good, purpose: 'open-everything' },
    `{"__proto__":{"purpose":"pick-up"}}`,
  ];
  return payloads.map((payload, index) =>
    hostile(`signed payload ${index} that is none`, Buffer.from(signed(payload, key)), ['schema', 'form']),
  );
}

function texts(kind: string, all: readonly string[]): HostileCode[] {
  return all.map((text, index) => hostile(`${kind} ${index}`, Buffer.from(text), FORM));
}

function hostile(name: string, code: Uint8Array, refusedAs: readonly ScanRejectedClass[]): HostileCode {
  return { name, code: Uint8Array.from(code), refusedAs };
}

function binary(length: number, seed: number): Uint8Array {
  let state = (seed * 2_654_435_761 + 97) >>> 0;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}
