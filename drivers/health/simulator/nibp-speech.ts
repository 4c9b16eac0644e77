/** Frames of an NIBP monitor as its end of the wire makes them (device-protocols 7.4; answers as public programs read them). */
import type { Arm } from './cuff-cycle.ts';
import type { CuffMonitor, CuffSpeech } from './cuff.simulator.ts';

const TROUBLES = { loose: 6, sensor: 8, motor: 8, movement: 11, leak: 14, overPressure: 15 } as const;
const ABORT = 0x58;

export class NibpSpeech implements CuffSpeech {
  readonly #monitor: CuffMonitor;
  #heard = '';
  #message = 0;
  #result: Arm = { systolic: 0, diastolic: 0, mean: 0, pulse: 0 };

  constructor(monitor: CuffMonitor) {
    this.#monitor = monitor;
  }

  hear(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte === 2) this.#heard = '';
      else if (byte === 3) this.#obey(this.#heard);
      else if (byte === ABORT && this.#heard === '') this.#monitor.cycle.stop();
      else this.#heard = (this.#heard + String.fromCharCode(byte)).slice(-40);
    }
  }

  forget(): void {
    this.#heard = '';
  }

  pressure(mmHg: number): void {
    this.#frame(`${String(mmHg).padStart(3, '0')}C0S3`);
  }

  ended(arm: Arm): void {
    this.#message = 0;
    this.#result = arm;
    this.#frame('999');
  }

  failed(trouble: keyof typeof TROUBLES): void {
    this.#message = TROUBLES[trouble];
    this.#result = { systolic: 0, diastolic: 0, mean: 0, pulse: 0 };
    this.#frame('999');
  }

  #obey(text: string): void {
    this.#heard = '';
    const order = /^(\d\d);;$/.exec(text.slice(0, -2))?.[1];
    if (order === undefined || sumOf(text.slice(0, -2)) !== text.slice(-2)) return;
    if (order === '01') {
      this.#message = 0;
      this.#monitor.start();
    }
    if (order === '18') this.#tellStatus();
  }

  #tellStatus(): void {
    const { systolic, diastolic, mean, pulse } = this.#result;
    const status = this.#monitor.cycle.isWorking ? 3 : 1;
    const pressures = [systolic, diastolic, mean].map((value) => String(value).padStart(3, '0')).join('');
    const message = String(this.#message).padStart(2, '0');
    const text = `S${status};A0;C00;M${message};P${pressures};R${String(pulse).padStart(3, '0')};T0000;;`;
    this.#frame(`${text}${this.#monitor.faults.wrongChecksum ? 'ZZ' : sumOf(text)}`);
  }

  #frame(text: string): void {
    this.#monitor.say(Uint8Array.from([2, ...Buffer.from(text, 'latin1'), 3, 13]));
  }
}

function sumOf(text: string): string {
  const sum = [...text].reduce((total, character) => total + character.charCodeAt(0), 0) & 0xff;
  return sum.toString(16).toUpperCase().padStart(2, '0');
}
