/**
 * What differs between readers, as data: the module inside is one regulated part, the wire and the manners are not
 * (device-protocols 1.1, 1.4, 1.11). Each value says how sure it is: `sheet` when the sheet has it from more than one
 * source, `oneSource`, `assumed`, or `site` when the site's `settings` say so.
 */
import type { LinkConfig } from '../../contract/devices/device-config.schema.ts';

export type IdCardModelName = 'sam-v' | 'sam-v-refind' | 'sam-v-hid';
export type Confidence = 'sheet' | 'oneSource' | 'assumed' | 'site';

export interface Known<Value> {
  readonly value: Value;
  readonly confidence: Confidence;
}

export interface IdCardModel {
  readonly name: IdCardModelName;
  readonly links: readonly LinkConfig['kind'][];
  /** After a reading the same card is found again only when it has been lifted and laid down. */
  readonly liftAgain: Known<boolean>;
  /** Questions are padded with zeros to this many bytes; 0 = not at all. */
  readonly reportBytes: number;
  /** Milliseconds to leave the reader alone after a 30 xx question, before its answer is looked at. */
  readonly readPauseMs: Known<number>;
}

const SAM_V: IdCardModel = {
  name: 'sam-v',
  links: ['serial', 'tcp'],
  liftAgain: { value: true, confidence: 'sheet' },
  reportBytes: 0,
  readPauseMs: { value: 0, confidence: 'sheet' },
};

const MODELS: Readonly<Record<IdCardModelName, IdCardModel>> = {
  'sam-v': SAM_V,
  // The sheet says that the same card "normally" is not found again: so there are readers that do.
  'sam-v-refind': { ...SAM_V, name: 'sam-v-refind', liftAgain: { value: false, confidence: 'assumed' } },
  /** Variant A, 2B8B:2721. TCP is for its simulator. */
  'sam-v-hid': {
    ...SAM_V,
    name: 'sam-v-hid',
    links: ['hid', 'tcp'],
    reportBytes: 64,
    readPauseMs: { value: 100, confidence: 'oneSource' },
  },
};

export function idCardModel(name: string): IdCardModel | undefined {
  return Object.hasOwn(MODELS, name) ? MODELS[name as IdCardModelName] : undefined;
}
