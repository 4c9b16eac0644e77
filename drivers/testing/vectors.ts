/** What a worked frame of the protocol sheet must mean to our codecs; each class lists its own in `testing/vectors.ts`. */
import type { ProblemCode } from '../../contract/problem.catalogue.ts';
import type { Meaning } from '../wire-key.ts';

export type Expected = { readonly meaning: Meaning } | { readonly problem: ProblemCode };

/** Device key, then frame name, as in `frames/<key>.json`. */
export type Vectors = Readonly<Record<string, Readonly<Record<string, Expected>>>>;
