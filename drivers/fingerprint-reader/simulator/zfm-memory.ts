/** What a module keeps: an image, two buffers, a library of pages. All but the library is lost at power-off. */
import { ownerOf, printIn, templateOf, type SimulatedFinger } from './fingers.ts';

export interface MemorySizes {
  readonly featureBytes: number;
  readonly templateBytes: number;
  /** Four bits a pixel. */
  readonly imageBytes: number;
  readonly capacity: number;
}

/** What lies in a place: nothing yet, only zeros, somebody's print, or bytes nobody knows. */
export type Content = 'empty' | 'zeros' | 'other' | `of ${string}`;

export interface MemoryState {
  readonly image: Content;
  readonly buffer1: Content;
  readonly buffer2: Content;
  readonly pages: Readonly<Record<string, Content>>;
}

export class ZfmMemory {
  readonly sizes: MemorySizes;
  readonly pages = new Map<number, Uint8Array>();
  readonly #buffers = new Map<number, Uint8Array>();
  #image: Uint8Array;
  #imageOf: SimulatedFinger | undefined;
  #captures = 0;

  constructor(sizes: MemorySizes) {
    this.sizes = sizes;
    this.#image = new Uint8Array();
  }

  get hasImage(): boolean {
    return this.#imageOf !== undefined;
  }

  get state(): MemoryState {
    return {
      image: contentOf(this.#image),
      buffer1: contentOf(this.buffer(1)),
      buffer2: contentOf(this.buffer(2)),
      pages: Object.fromEntries([...this.pages].map(([page, bytes]) => [String(page), contentOf(bytes)])),
    };
  }

  /** The picture holds the print at its end: only who overwrites all of it has overwritten the person. */
  capture(finger: SimulatedFinger): void {
    this.#captures += 1;
    this.#imageOf = finger;
    const print = templateOf(finger, 40, this.#captures);
    this.#image = new Uint8Array(this.sizes.imageBytes).fill(0x7b);
    this.#image.set(print, this.sizes.imageBytes - print.length);
  }

  image(): Uint8Array {
    return this.#image;
  }

  /** Overwrites from the start; what is not overwritten stays. */
  setImage(bytes: Uint8Array): void {
    const image = new Uint8Array(this.sizes.imageBytes);
    image.set(this.#image);
    image.set(bytes.subarray(0, image.length));
    this.#image = image;
    this.#imageOf = undefined;
  }

  /** The finger in the picture becomes a feature file; undefined when there is no picture. */
  makeFeatures(buffer: number): SimulatedFinger | undefined {
    const finger = this.#imageOf;
    if (finger) this.#buffers.set(buffer, templateOf(finger, this.sizes.featureBytes, this.#captures));
    return finger;
  }

  buffer(number: number): Uint8Array {
    return this.#buffers.get(number) ?? new Uint8Array();
  }

  setBuffer(number: number, bytes: Uint8Array): void {
    this.#buffers.set(number, bytes);
  }

  /** False when the two buffers are not of one finger. The template then lies in both. */
  merge(): boolean {
    const [one, two] = [this.buffer(1), this.buffer(2)];
    if (one.length === 0 || two.length === 0 || printIn(one) !== printIn(two)) return false;
    const template = new Uint8Array(this.sizes.templateBytes);
    for (let at = 0; at < template.length; at += 1)
      template[at] = (at < one.length ? one[at] : two[at % two.length]) ?? 0;
    this.#buffers.set(1, template);
    this.#buffers.set(2, template.slice());
    return true;
  }

  /** 0 = not the same finger. */
  score(one: Uint8Array, two: Uint8Array): number {
    if (contentOf(one) === 'empty' || contentOf(one) === 'zeros') return 0;
    return printIn(one) === printIn(two) ? 96 : 0;
  }

  powerOff(): void {
    this.#buffers.clear();
    this.#image = new Uint8Array();
    this.#imageOf = undefined;
  }
}

function contentOf(bytes: Uint8Array): Content {
  if (bytes.length === 0) return 'empty';
  const owner = ownerOf(bytes);
  if (owner) return `of ${owner}`;
  return bytes.every((byte) => byte === 0) ? 'zeros' : 'other';
}
