/** One request or a few, chosen by what the model knows; see `steps.ts` for all of them. */
import type fc from 'fast-check';
import { Draw } from './draw.ts';
import type { Model } from './model.ts';
import { Broken, type Answer, type PlatformUnderFuzz } from './platform-under-fuzz.ts';

export type Act = (model: Model, real: PlatformUnderFuzz, draw: Draw) => Promise<void>;

export class Step implements fc.AsyncCommand<Model, PlatformUnderFuzz> {
  readonly #name: string;
  readonly #act: Act;
  readonly #seed: number;

  constructor(name: string, act: Act, seed: number) {
    this.#name = name;
    this.#act = act;
    this.#seed = seed;
  }

  check(): boolean {
    return true;
  }

  run(model: Model, real: PlatformUnderFuzz): Promise<void> {
    return this.#act(model, real, new Draw(this.#seed));
  }

  toString(): string {
    return `${this.#name}(${this.#seed})`;
  }
}

/** `200`, or `409 queue.usedUp`. */
export function expectAnswer(answer: Answer, wanted: string, what: string): void {
  const got = `${answer.status} ${answer.code ?? ''}`.trim();
  if (got !== wanted)
    throw new Broken(`${what}: the model expects ${wanted}, the platform says ${got} ${answer.text.slice(0, 200)}`);
}

export function expectSame(got: unknown, wanted: unknown, what: string): void {
  const [one, other] = [text(got), text(wanted)];
  if (one !== other)
    throw new Broken(`${what}: the model expects ${other.slice(0, 400)}, the platform has ${one.slice(0, 400)}`);
}

function text(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
