import type { WireKey } from '../wire-key.ts';
import { ISO8583_KEY } from './iso8583-wire-key.ts';
import { MIS_DLL_KEY } from './mis-dll-wire-key.ts';
import { MIS_SERIAL_KEY } from './mis-wire-key.ts';

export const WIRE_KEYS: readonly WireKey[] = [MIS_SERIAL_KEY, MIS_DLL_KEY, ISO8583_KEY];
