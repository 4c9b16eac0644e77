/**
 * HTTP message signatures (RFC 9421) and Content-Digest (RFC 9530), the part that terminal and platform speak: one signature
 * per request, over derived components and plain header fields. Text only; keys, hashes and clocks are the callers' business.
 */

/** A covered component with its value as it is signed. Names in lower case: `@method`, `@path`, `content-digest`. */
export interface SignedComponent {
  readonly name: string;
  readonly value: string;
}

/** In the order they are written. `createdS` in seconds since 1970. */
export interface SignatureParameters {
  readonly createdS: number;
  readonly nonce?: string;
  readonly alg?: string;
  readonly keyId: string;
}

export interface ReadSignature {
  readonly components: readonly string[];
  readonly createdS: number;
  readonly nonce: string;
  readonly alg: string;
  readonly keyId: string;
  /** The parameters exactly as they were written: this text is what was signed. */
  readonly parametersText: string;
  /** Base64. */
  readonly signature: string;
}

/** How long a request may have been on its way, either side of the platform's clock. */
export const SIGNATURE_WINDOW_MS = 5 * 60_000;
export const SIGNED_COMPONENTS = ['@method', '@path', 'content-digest'] as const;
/** Of the key that both sides derive from their agreement keys (HKDF info). */
export const REQUEST_KEY_INFO = 'livelihood-kiosk request';
export type SignatureAlgorithm = 'ed25519' | 'hmac-sha256';

const LABEL = 'sig';

/** `("@method" "@path");created=1;nonce="..";alg="..";keyid=".."`: the value of `@signature-params`. */
export function signatureParametersText(names: readonly string[], parameters: SignatureParameters): string {
  const { createdS, nonce, alg, keyId } = parameters;
  const optional = [
    ...(nonce === undefined ? [] : [`;nonce="${nonce}"`]),
    ...(alg === undefined ? [] : [`;alg="${alg}"`]),
  ];
  return `(${names.map((name) => `"${name}"`).join(' ')});created=${createdS}${optional.join('')};keyid="${keyId}"`;
}

/** RFC 9421 section 2.5: the text that is signed. Lines end with LF, the last one without. */
export function signatureBase(components: readonly SignedComponent[], parametersText: string): string {
  const lines = components.map(({ name, value }) => `"${name}": ${value}`);
  return [...lines, `"@signature-params": ${parametersText}`].join('\n');
}

/** The base of a request in our profile. `path` without query, as it was sent. */
export function requestBase(
  request: { readonly method: string; readonly path: string; readonly contentDigest: string },
  parametersText: string,
): string {
  return `"@method": ${request.method}\n"@path": ${request.path}\n"content-digest": ${request.contentDigest}\n"@signature-params": ${parametersText}`;
}

/** Both header fields of a signed request. `signature` in base64. */
export function signatureHeaders(
  parametersText: string,
  signature: string,
): { readonly 'signature-input': string; readonly signature: string } {
  return { 'signature-input': `${LABEL}=${parametersText}`, signature: `${LABEL}=:${signature}:` };
}

/** `sha-256=:...:`, from the base64 of a SHA-256. */
export function contentDigest(sha256Base64: string): string {
  return `sha-256=:${sha256Base64}:`;
}

const INPUT =
  /^([a-z*][a-z0-9_.*-]{0,31})=(\(([ "@a-z0-9-]{0,256})\)((?:;[a-z]{1,16}=(?:\d{1,15}|"[ !#-[\]-~]{0,200}"))*))$/;
const NAMES = /^(?:"@?[a-z0-9-]+"(?: "@?[a-z0-9-]+")*)?$/;
const PARAMETER = /;([a-z]+)=(?:(\d+)|"([^"]*)")/g;
const SIGNATURE = /^([a-z*][a-z0-9_.*-]{0,31})=:([A-Za-z0-9+/]{4,512}={0,2}):$/;

/** As our own terminals write it, read in one go. */
const OURS =
  /^sig=(\("@method" "@path" "content-digest"\);created=(\d{1,15});nonce="([ !#-[\]-~]{0,200})";alg="([ !#-[\]-~]{0,200})";keyid="([ !#-[\]-~]{0,200})")$/;

/** Undefined unless there is exactly one signature, with `created` and `keyid`, of which each parameter stands once. */
export function readSignature(input: string | undefined, signature: string | undefined): ReadSignature | undefined {
  const value = SIGNATURE.exec(String(signature));
  return value ? (readOurs(String(input), value) ?? readAny(String(input), value)) : undefined;
}

function readOurs(input: string, value: RegExpExecArray): ReadSignature | undefined {
  const written = OURS.exec(input);
  if (!written || value[1] !== LABEL) return undefined;
  const [, parametersText = '', created, nonce = '', alg = '', keyId = ''] = written;
  const createdS = Number(created);
  return { components: SIGNED_COMPONENTS, createdS, nonce, alg, keyId, parametersText, signature: value[2] ?? '' };
}

function readAny(input: string, value: RegExpExecArray): ReadSignature | undefined {
  const written = INPUT.exec(input);
  if (!written || written[1] !== value[1]) return undefined;
  const [parametersText, names, parameters] = written.slice(2) as [string, string, string];
  const found = NAMES.test(names) ? readParameters(parameters) : undefined;
  if (!found || !found.has('keyid') || !found.has('created')) return undefined;
  const text = (name: string): string => found.get(name) ?? '';
  return {
    components: names.split(' ').map((name) => name.slice(1, -1)),
    createdS: Number(text('created')),
    nonce: text('nonce'),
    alg: text('alg'),
    keyId: text('keyid'),
    parametersText,
    signature: String(value[2]),
  };
}

/** Undefined when one of them stands twice, or is of the wrong kind. */
function readParameters(parameters: string): ReadonlyMap<string, string> | undefined {
  const found = new Map<string, string>();
  for (const [, name = '', digits, text = ''] of parameters.matchAll(PARAMETER)) {
    if (found.has(name)) return undefined;
    // a time is a whole number, everything else is a text
    if ((name === 'created') !== (digits !== undefined)) return undefined;
    found.set(name, digits ?? text);
  }
  return found;
}

/** Whether it covers what our profile asks for, in our order. */
export function coversRequest({ components }: Pick<ReadSignature, 'components'>): boolean {
  return components.length === SIGNED_COMPONENTS.length && SIGNED_COMPONENTS.every((name, i) => components[i] === name);
}

/**
 * What a refusal proves itself with: HMAC-SHA256 over this text, with the key both sides derived. A terminal believes in a
 * suspension or in a corrected clock only when the platform it was enrolled at has said so to this very request.
 */
export function refusalText(refusal: {
  readonly code: string;
  readonly nonce: string;
  readonly nowMs: number;
}): string {
  return `livelihood-kiosk refusal\n${refusal.code}\n${refusal.nonce}\n${refusal.nowMs}`;
}
