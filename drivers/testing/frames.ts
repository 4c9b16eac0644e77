/** Worked frames of the protocol sheet (device-protocols, one file a device), so that no codec is tested against itself. */
import { readFileSync } from 'node:fs';

interface Frame {
  readonly name: string;
  readonly direction: string;
  readonly hex: string;
  readonly meaning: string;
}

/** A function that gives the hex of a frame by its name; a name that is not there is a mistake in the test. */
export function framesOf(device: string): (name: string) => string {
  const text = readFileSync(new URL(`./frames/${device}.json`, import.meta.url), 'utf8');
  const file = JSON.parse(text) as { source: string; frames: Frame[] };
  return (name) => {
    const frame = file.frames.find((candidate) => candidate.name === name);
    if (!frame) throw new Error(`no frame ${name} in ${device}.json`);
    return frame.hex;
  };
}

export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}
