/**
 * A face model on this terminal: a WebAssembly module with a signed manifest. Nothing of it runs before the signature over
 * the manifest and the digest of the module are found good; and it is given no imports, so it can compute and nothing else.
 *
 * Manifest (JSON, `manifest.json` beside the module):
 * `{ "kind": "kiosk-face-model", "id": "vendor-model@1.2", "file": "model.wasm", "sha256": <hex>, "signature": <base64> }`
 * `signature` is Ed25519 by the site's model key over UTF-8 of `kiosk-face-model\n<id>\n<file>\n<sha256>`.
 *
 * The module exports `memory`, `input(lengthBytes) -> address` (called for the 96 x 96 grey bytes, then for the reference)
 * and `compare(picture, reference, referenceLength) -> 0 no match, 1 match, 2 not live`.
 */
import { createHash, verify, type KeyObject } from 'node:crypto';
import Type from 'typebox';
import { parse } from '../../contract/check.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';

export const FACE_SIDE = 96;
const MODULE_LIMIT_BYTES = 64 * 1024 * 1024;

export const FaceModelManifest = Type.Object(
  {
    kind: Type.Literal('kiosk-face-model'),
    id: Type.String({ pattern: '^[a-z0-9][a-z0-9.@-]{0,59}$' }),
    file: Type.String({ pattern: '^[a-z0-9][a-z0-9.-]{0,59}\\.wasm$' }),
    sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    signature: Type.String({ pattern: '^[A-Za-z0-9+/]{86}==$' }),
  },
  { additionalProperties: false },
);

export interface FaceModel {
  readonly id: string;
  /** `broken`: the model trapped or answered outside its own words; nobody was judged. */
  compare(picture: Uint8Array, reference: Uint8Array): 'match' | 'noMatch' | 'notLive' | 'broken';
}

/** The bytes of a file in the model's folder; undefined when it is not there. */
export type ReadModelFile = (name: string) => Uint8Array | undefined;

const VERDICTS = ['noMatch', 'match', 'notLive'] as const;

/** `kiosk.badConfig` with the reason when the model is not there, not signed, not whole, or not of this shape. */
export async function openFaceModel(read: ReadModelFile, key: KeyObject): Promise<Result<FaceModel>> {
  const manifest = readManifest(read, key);
  if (!manifest.ok) return manifest;
  const { id, file, sha256 } = manifest.value;
  const bytes = read(file);
  if (!bytes || bytes.length > MODULE_LIMIT_BYTES) return refuse('the module is not there, or is too large');
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) return refuse('the module is not the signed one');
  try {
    const code = await WebAssembly.compile(Buffer.from(bytes));
    if (WebAssembly.Module.imports(code).length > 0) return refuse('the module asks for more than its own memory');
    const { exports } = await WebAssembly.instantiate(code, {});
    return wrap(id, exports);
  } catch (error) {
    return refuse(`the module cannot be loaded: ${(error as Error).message}`);
  }
}

function readManifest(
  read: ReadModelFile,
  key: KeyObject,
): Result<{ readonly id: string; readonly file: string; readonly sha256: string }> {
  const bytes = read('manifest.json');
  if (!bytes) return refuse('there is no manifest');
  let content: unknown;
  try {
    content = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return refuse('the manifest is no JSON');
  }
  const manifest = parse(FaceModelManifest, content);
  if (!manifest.ok) return refuse(`the manifest: ${manifest.problem.detail ?? 'is wrong'}`);
  const { id, file, sha256, signature } = manifest.value;
  const signed = Buffer.from(signedText({ id, file, sha256 }), 'utf8');
  const isGood = key.asymmetricKeyType === 'ed25519' && verify(null, signed, key, Buffer.from(signature, 'base64'));
  return isGood ? ok({ id, file, sha256 }) : refuse('the signature is not by the model key of this site');
}

/** What the signature is over. */
export function signedText({ id, file, sha256 }: { id: string; file: string; sha256: string }): string {
  return `kiosk-face-model\n${id}\n${file}\n${sha256}`;
}

function wrap(id: string, exports: WebAssembly.Exports): Result<FaceModel> {
  const { memory, input, compare } = exports;
  if (!(memory instanceof WebAssembly.Memory) || typeof input !== 'function' || typeof compare !== 'function')
    return refuse('the module does not export memory, input and compare');
  const reserve = input as (lengthBytes: number) => unknown;
  const judge = compare as (picture: number, reference: number, referenceLength: number) => unknown;
  const place = (bytes: Uint8Array): number => {
    const address = Number(reserve(bytes.length));
    new Uint8Array(memory.buffer, address, bytes.length).set(bytes);
    return address;
  };
  return ok({
    id,
    compare(picture, reference) {
      if (picture.length !== FACE_SIDE * FACE_SIDE) return 'notLive';
      try {
        const pictureAt = place(picture);
        const referenceAt = place(reference);
        const verdict = VERDICTS[Number(judge(pictureAt, referenceAt, reference.length))];
        // A person's face is not left in the memory of a module that lives on.
        new Uint8Array(memory.buffer, pictureAt, picture.length).fill(0);
        new Uint8Array(memory.buffer, referenceAt, reference.length).fill(0);
        return verdict ?? 'broken';
      } catch {
        return 'broken';
      }
    },
  });
}

function refuse(reason: string): Result<never> {
  return fail('kiosk.badConfig', `face model: ${reason}`);
}
