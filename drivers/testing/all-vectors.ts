/** What every class worked out by hand, in one table. */
import type { Vectors } from './vectors.ts';

export const ALL_VECTORS: Vectors = {};
