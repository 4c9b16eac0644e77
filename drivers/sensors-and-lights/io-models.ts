/** What differs between I/O boards, as rows. How sure each value is stands beside it. */
export type IoModelName = 'modbus-rtu' | 'modbus-tcp';

export interface IoModel {
  readonly name: IoModelName;
  readonly framing: 'rtu' | 'tcp';
  /** Unit where the site says nothing. Assumed: the factory address of most boards. */
  readonly unit: number;
  /** A board answers within this. Assumed; V1.02 2.4.1 asks for "a few hundreds ms". */
  readonly answerMs: number;
  /** Silence before a question. V1.02 2.5.1.1: 3.5 characters, 4 ms at 9600 baud. None between TCP frames. */
  readonly gapMs: number;
  /** A board is gone only after so many polls in a row without an answer. */
  readonly silentBeats: number;
}

const MODELS: Readonly<Record<IoModelName, IoModel>> = {
  'modbus-rtu': { name: 'modbus-rtu', framing: 'rtu', unit: 1, answerMs: 300, gapMs: 5, silentBeats: 3 },
  'modbus-tcp': { name: 'modbus-tcp', framing: 'tcp', unit: 1, answerMs: 500, gapMs: 0, silentBeats: 3 },
};

export function ioModel(name: string): IoModel | undefined {
  return Object.hasOwn(MODELS, name) ? MODELS[name as IoModelName] : undefined;
}
