import type { Vectors } from '../../testing/vectors.ts';
import { ISO8583_VECTORS } from './iso8583-vectors.ts';
import { MIS_DLL_VECTORS } from './mis-dll-vectors.ts';
import { MIS_SERIAL_VECTORS } from './mis-serial-vectors.ts';

export const VECTORS: Vectors = {
  'pos-mis-serial': MIS_SERIAL_VECTORS,
  'pos-mis-dll': MIS_DLL_VECTORS,
  iso8583: ISO8583_VECTORS,
};
