/** How upsd is asked; what differs between supplies is upsd's business (its driver table), not ours. */
export type UpsModelName = 'nut';

export interface UpsModel {
  readonly name: UpsModelName;
  /** Between two readings. Assumed: upsd's own drivers poll the supply every 2 s by default. */
  readonly pollMs: number;
  /** upsd answers from memory; a machine under load may take this long. Assumed. */
  readonly answerMs: number;
  /** A supply is gone only after so many readings in a row met silence or nonsense (field-complaints 1). */
  readonly silentBeats: number;
}

const MODELS: Readonly<Record<UpsModelName, UpsModel>> = {
  nut: { name: 'nut', pollMs: 2_000, answerMs: 1_000, silentBeats: 3 },
};

export function upsModel(name: string): UpsModel | undefined {
  return Object.hasOwn(MODELS, name) ? MODELS[name as UpsModelName] : undefined;
}
