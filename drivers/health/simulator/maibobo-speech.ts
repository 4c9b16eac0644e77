/** Frames of the Maibobo monitor as its end of the wire makes them (device-protocols 7.4). */
import type { Arm } from './cuff-cycle.ts';
import type { CuffMonitor, CuffSpeech } from './cuff.simulator.ts';

const TROUBLES = { overPressure: 0x01, movement: 0x02, loose: 0x05, sensor: 0x06, leak: 0x0f, motor: 0x10 } as const;
const ACCEPTED = [1, 2, 3];
/** CC 80 03 len, then type and data, then XOR. */
const LENGTH_AT = 3;

export class MaiboboSpeech implements CuffSpeech {
  readonly #monitor: CuffMonitor;
  readonly #resultOffset: number;
  #heard: number[] = [];

  constructor(monitor: CuffMonitor, resultOffset: number) {
    this.#monitor = monitor;
    this.#resultOffset = resultOffset;
  }

  hear(bytes: Uint8Array): void {
    this.#heard.push(...bytes);
    for (let frame = this.#next(); frame; frame = this.#next()) {
      const isWhole = frame[1] === 0x80 && frame[2] === 3 && frame[4] === 1 && xor(frame.slice(2)) === 0;
      this.#heard.splice(0, isWhole ? frame.length : 1);
      if (isWhole) this.#obey(frame[5] ?? 0);
    }
  }

  /** As many bytes as the length asks for; orders are short, so a long one is noise. */
  #next(): number[] | undefined {
    const start = this.#heard.indexOf(0xcc);
    this.#heard.splice(0, start < 0 ? this.#heard.length : start);
    const length = this.#heard[LENGTH_AT];
    if (length === undefined) return undefined;
    const size = Math.min(length, 32) + LENGTH_AT + 2;
    return this.#heard.length < size && length <= 32 ? undefined : this.#heard.slice(0, size);
  }

  forget(): void {
    this.#heard = [];
  }

  pressure(mmHg: number): void {
    this.#say(0x05, [mmHg >> 8, mmHg & 0xff]);
  }

  ended({ systolic, diastolic, pulse }: Arm): void {
    const words = [systolic, diastolic, pulse].flatMap((value) => [value >> 8, value & 0xff]);
    this.#say(0x06, [...Array.from({ length: this.#resultOffset }, () => 0), ...words]);
  }

  failed(trouble: keyof typeof TROUBLES): void {
    this.#say(0x07, [TROUBLES[trouble]]);
  }

  #obey(order: number): void {
    if (!ACCEPTED.includes(order)) return;
    this.#say(order, [0]);
    if (order === 2) this.#monitor.start();
    if (order === 3) this.#monitor.cycle.stop();
  }

  #say(type: number, data: readonly number[]): void {
    const sealed = [3, 2 + data.length, 1, type, ...data];
    const spoiled = this.#monitor.faults.wrongChecksum ? 0x5a : 0;
    this.#monitor.say(Uint8Array.of(0xaa, 0x80, ...sealed, xor(sealed) ^ spoiled));
  }
}

function xor(bytes: readonly number[]): number {
  return bytes.reduce((sum, byte) => sum ^ byte, 0);
}
