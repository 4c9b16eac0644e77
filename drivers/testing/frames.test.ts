/** All worked frames of the protocol sheet, through the codecs of the classes; none may be left over. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { wireKey } from '../wire-keys.ts';
import { ALL_VECTORS } from './all-vectors.ts';
import { bytesOf, hexOf } from './frames.ts';

const FOLDER = join(import.meta.dirname, 'frames');
/** What the sheet has; a file lost on the way would otherwise shrink the suite in silence. */
const FRAMES_OF_THE_SHEET = 279;

interface FrameFile {
  readonly device: string;
  readonly frames: readonly { readonly name: string; readonly hex: string; readonly meaning: string }[];
}

const files = readdirSync(FOLDER).map((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as FrameFile);

it('all of the sheet’s frames are here, each name once', () => {
  const names = files.flatMap(({ device, frames }) => frames.map(({ name }) => `${device}/${name}`));
  expect(names).toHaveLength(FRAMES_OF_THE_SHEET);
  expect(new Set(names).size).toBe(FRAMES_OF_THE_SHEET);
});

it('no expected meaning belongs to a frame that is not there', () => {
  const known = new Set(files.flatMap(({ device, frames }) => frames.map(({ name }) => `${device}/${name}`)));
  const expected = Object.entries(ALL_VECTORS).flatMap(([device, vectors]) =>
    Object.keys(vectors).map((name) => `${device}/${name}`),
  );
  expect(expected.filter((name) => !known.has(name))).toEqual([]);
});

describe.each([...files])('$device', ({ device, frames }) => {
  it.each([...frames])('$name: $meaning', ({ name, hex }) => {
    const codec = wireKey(device);
    const expected = ALL_VECTORS[device]?.[name];
    if (!codec) throw new Error(`no codec knows ${device}`);
    if (!expected) throw new Error(`nobody worked out what ${device}/${name} means`);
    const decoded = codec.decode(bytesOf(hex));
    if ('problem' in expected) {
      expect(decoded).toMatchObject({ ok: false, problem: { code: expected.problem } });
      return;
    }
    expect(decoded).toEqual({ ok: true, value: expected.meaning });
    if (!codec.encode) return;
    const encoded = codec.encode(expected.meaning);
    if (!encoded.ok) throw new Error(`${name}: ${encoded.problem.detail ?? encoded.problem.code}`);
    expect(hexOf(encoded.value)).toBe(hex);
  });
});
