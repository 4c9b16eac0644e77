import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FACE_SIDE, openFaceModel, signedText, type FaceModel } from './face-model.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const PICTURE = FACE_SIDE * FACE_SIDE;

/** A number as WebAssembly writes it (LEB128, signed). */
function leb(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    const low = rest & 0x7f;
    const isLast = (rest >> 7 === 0 && (low & 0x40) === 0) || (rest >> 7 === -1 && (low & 0x40) !== 0);
    if (isLast) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

function section(id: number, body: readonly number[]): number[] {
  return [id, ...leb(body.length), ...body];
}

function name(text: string): number[] {
  return [text.length, ...Buffer.from(text)];
}

/**
 * A module by hand: `input` gives address 0 for a picture and 16384 for anything else; `compare` answers `body`, by default
 * whether the first byte of the picture is the first byte of the reference.
 */
function moduleWith(options: { readonly body?: readonly number[]; readonly imports?: boolean } = {}): Uint8Array {
  const sameFirstByte = [0x20, 0, 0x2d, 0, 0, 0x20, 1, 0x2d, 0, 0, 0x46];
  const input = [0x20, 0, 0x41, ...leb(PICTURE), 0x46, 0x04, 0x7f, 0x41, 0, 0x05, 0x41, ...leb(16_384), 0x0b];
  const code = (body: readonly number[]) => [...leb(body.length + 2), 0, ...body, 0x0b];
  const first = options.imports ? 1 : 0;
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [2, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 3, 0x7f, 0x7f, 0x7f, 1, 0x7f]),
    ...(options.imports ? section(2, [1, ...name('env'), ...name('call'), 0, 0]) : []),
    ...section(3, [2, 0, 1]),
    ...section(5, [1, 0, 2]),
    ...section(7, [3, ...name('memory'), 2, 0, ...name('input'), 0, first, ...name('compare'), 0, first + 1]),
    ...section(10, [2, ...code(input), ...code(options.body ?? sameFirstByte)]),
  ]);
}

function files(module: Uint8Array, change: object = {}, key: KeyObject = privateKey) {
  const signed = { id: 'demo-model@1', file: 'model.wasm', sha256: createHash('sha256').update(module).digest('hex') };
  const signature = sign(null, Buffer.from(signedText(signed)), key).toString('base64');
  const manifest = { kind: 'kiosk-face-model', ...signed, signature, ...change };
  return (asked: string) =>
    asked === 'manifest.json' ? Buffer.from(JSON.stringify(manifest)) : asked === 'model.wasm' ? module : undefined;
}

async function opened(module = moduleWith()): Promise<FaceModel> {
  const model = await openFaceModel(files(module), publicKey);
  if (!model.ok) throw new Error(model.problem.detail);
  return model.value;
}

describe('a signed face model', () => {
  it('is loaded and compares', async () => {
    const model = await opened();
    expect(model.id).toBe('demo-model@1');
    expect(model.compare(new Uint8Array(PICTURE).fill(7), Uint8Array.of(7, 1))).toBe('match');
    expect(model.compare(new Uint8Array(PICTURE).fill(7), Uint8Array.of(8, 1))).toBe('noMatch');
  });

  it('has judged nobody when it stops in the middle, or speaks another language', async () => {
    const trap = await opened(moduleWith({ body: [0x00] }));
    expect(trap.compare(new Uint8Array(PICTURE), Uint8Array.of(1))).toBe('broken');
    const odd = await opened(moduleWith({ body: [0x41, 9] }));
    expect(odd.compare(new Uint8Array(PICTURE), Uint8Array.of(1))).toBe('broken');
  });

  it('says not live of a picture that is none', async () => {
    expect((await opened()).compare(new Uint8Array(10), Uint8Array.of(1))).toBe('notLive');
  });
});

describe('a face model is refused', () => {
  const other = generateKeyPairSync('ed25519').privateKey;
  it.each([
    ['without a manifest', () => undefined, /no manifest/],
    [
      'without a module',
      (asked: string) => (asked === 'manifest.json' ? files(moduleWith())(asked) : undefined),
      /not there/,
    ],
    ['signed by somebody else', files(moduleWith(), {}, other), /signature/],
    ['with a name that was not signed', files(moduleWith(), { id: 'other-model@9' }), /signature/],
    ['with a module that was not signed', files(moduleWith(), { sha256: '0'.repeat(64) }), /signature/],
    ['with a way out of its folder', files(moduleWith(), { file: '../model.wasm' }), /manifest/],
    ['that asks for more than its own memory', files(moduleWith({ imports: true })), /more than its own memory/],
    ['that is no module', files(Buffer.from('not wasm')), /cannot be loaded/],
  ] as const)('%s', async (_what, read, why) => {
    const model = await openFaceModel(read, publicKey);
    expect(model.ok).toBe(false);
    if (!model.ok)
      expect(model.problem).toMatchObject({ code: 'kiosk.badConfig', detail: expect.stringMatching(why) as string });
  });

  it('when the module was changed after it was signed', async () => {
    const module = moduleWith();
    const read = files(module);
    const changed = Uint8Array.from(module);
    changed[changed.length - 2] = 0x47;
    const model = await openFaceModel((asked) => (asked === 'model.wasm' ? changed : read(asked)), publicKey);
    expect(model).toMatchObject({ ok: false, problem: { detail: 'face model: the module is not the signed one' } });
  });
});
