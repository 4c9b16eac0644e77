/**
 * What differs between modules of the ZFM family, as data. `sheet`: device-protocols 3; `assumed`: common knowledge of the
 * part, to be confirmed on the real one.
 */
export interface Confident<Value> {
  readonly value: Value;
  readonly confidence: 'sheet' | 'assumed';
}

export type FingerprintModelName = 'zfm-20' | 'as608' | 'r503' | 'jm-101b' | 'zfm-clone';

export interface FingerprintModel {
  readonly name: FingerprintModelName;
  /** Sizes of a template it makes and takes; the last one is the largest. */
  readonly templateBytes: Confident<readonly number[]>;
  /** Size of its image at four bits a pixel: so much must be overwritten before nothing of a finger is left. */
  readonly imageBytes: Confident<number>;
}

const FEATURE_AND_TEMPLATE: Confident<readonly number[]> = { value: [256, 512], confidence: 'sheet' };
/** 256 x 288 pixels. */
const FULL_IMAGE: Confident<number> = { value: 36_864, confidence: 'assumed' };

const MODELS: Readonly<Record<FingerprintModelName, FingerprintModel>> = {
  'zfm-20': { name: 'zfm-20', templateBytes: FEATURE_AND_TEMPLATE, imageBytes: FULL_IMAGE },
  as608: { name: 'as608', templateBytes: FEATURE_AND_TEMPLATE, imageBytes: FULL_IMAGE },
  r503: {
    name: 'r503',
    templateBytes: { value: [768, 1536], confidence: 'sheet' },
    /** 192 x 192 pixels. */
    imageBytes: { value: 18_432, confidence: 'assumed' },
  },
  'jm-101b': { name: 'jm-101b', templateBytes: { value: [768], confidence: 'sheet' }, imageBytes: FULL_IMAGE },
  /** FPM10A and other unnamed modules, some without ReadSysPara. */
  'zfm-clone': {
    name: 'zfm-clone',
    templateBytes: { value: [256, 512, 768, 1536], confidence: 'assumed' },
    imageBytes: FULL_IMAGE,
  },
};

export function fingerprintModel(name: string): FingerprintModel | undefined {
  return Object.hasOwn(MODELS, name) ? MODELS[name as FingerprintModelName] : undefined;
}

export function largestTemplateBytes({ templateBytes }: FingerprintModel): number {
  return Math.max(...templateBytes.value);
}
