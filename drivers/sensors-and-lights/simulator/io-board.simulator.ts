import type { Chance, Clock, TimerHandle } from '../../../contract/clock.ts';
import type { ByteSimulator } from '../../simulator/byte-simulator.ts';
import { FaultyWire, type WireFaults } from '../../simulator/faulty-wire.ts';
import { newMemory, requestLength, respond, type BoardMemory } from './board-memory.ts';

export interface BoardFaults {
  /** Answers carry a wrong CRC (RTU only). */
  badCrc: boolean;
  /** Answers carry the address of another board. */
  wrongUnit: boolean;
  /** Every question is answered with this exception, 1 to 11; null as usual. */
  exception: number | null;
  /** This coil stays as it is. */
  stuckCoil: number | null;
  /** Writes are echoed and not carried out. */
  echoOnly: boolean;
  /** Every answer takes this long. */
  slowMs: number;
}

export interface BoardState {
  readonly connected: boolean;
  readonly framing: 'rtu' | 'tcp';
  readonly unit: number;
  readonly inputs: readonly boolean[];
  readonly coils: readonly boolean[];
  /** How often any coil changed. */
  readonly coilChanges: number;
  readonly requests: number;
  readonly faults: BoardFaults & WireFaults;
}

export interface BoardOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly framing: 'rtu' | 'tcp';
  readonly unit?: number;
}

export function noBoardFaults(): BoardFaults {
  return { badCrc: false, wrongUnit: false, exception: null, stuckCoil: null, echoOnly: false, slowMs: 0 };
}

const SIZE = 16;
/** MODBUS over Serial Line V1.02 2.5.1.1: so much silence ends an RTU frame (3.5 characters at 9600 baud). */
const FRAME_GAP_MS = 4;
const MBAP_BYTES = 6;

/**
 * An I/O board with 16 discrete inputs, 16 coils and as many registers of each kind: RTU by MODBUS over Serial Line V1.02
 * (CRC, silence between frames, broadcasts carried out in silence), TCP by MODBUS Messaging on TCP/IP V1.0b 3.1.3.
 */
export class IoBoardSimulator implements ByteSimulator {
  readonly wire: FaultyWire;
  readonly faults: BoardFaults = noBoardFaults();
  readonly #clock: Clock;
  readonly #framing: 'rtu' | 'tcp';
  readonly #unit: number;
  #memory: BoardMemory = newMemory(SIZE);
  #received = Buffer.alloc(0);
  #gap: TimerHandle | undefined;
  #bounce: TimerHandle | undefined;
  #connected = false;
  #requests = 0;
  #coilChanges = 0;

  constructor(options: BoardOptions) {
    this.#clock = options.clock;
    this.#framing = options.framing;
    this.#unit = options.unit ?? 1;
    this.wire = new FaultyWire(options.clock, options.chance);
  }

  get state(): BoardState {
    return {
      connected: this.#connected,
      framing: this.#framing,
      unit: this.#unit,
      inputs: [...this.#memory.inputs],
      coils: [...this.#memory.coils],
      coilChanges: this.#coilChanges,
      requests: this.#requests,
      faults: { ...this.faults, ...this.wire.faults },
    };
  }

  onOutput(listener: (bytes: Uint8Array) => void): () => void {
    return this.wire.outputListeners.add(listener);
  }

  onHangUp(listener: () => void): () => void {
    return this.wire.hangUpListeners.add(listener);
  }

  /** A door is opened or closed, somebody comes or goes. Numbers outside the board do nothing. */
  setInput(input: number, isOn: boolean): void {
    if (this.#bounce) this.#clock.cancel(this.#bounce);
    this.#bounce = undefined;
    if (input in this.#memory.inputs) this.#memory.inputs[input] = isOn;
  }

  /** The contact chatters: `times` changes, one every `everyMs`, and then rests as it began. */
  bounce(input: number, times: number, everyMs: number): void {
    const before = this.#memory.inputs[input] ?? false;
    this.setInput(input, !before);
    if (times <= 1) return this.setInput(input, before);
    this.#bounce = this.#clock.after(everyMs, () => this.#bounceOn(input, before, times - 1, everyMs));
  }

  /** As after a power cut: all coils off, registers 0; the inputs are the world's. */
  powerCycle(): void {
    const { inputs } = this.#memory;
    this.#memory = { ...newMemory(SIZE), inputs };
    this.#received = Buffer.alloc(0);
  }

  connected(): void {
    this.#connected = true;
  }

  disconnected(): void {
    this.#connected = false;
    this.#received = Buffer.alloc(0);
    this.wire.cut();
  }

  feed(bytes: Uint8Array): void {
    this.wire.receive(bytes, (received) => {
      this.#received = Buffer.concat([this.#received, received]);
      if (this.#framing === 'tcp') this.#takeTcp();
      else this.#takeRtu();
    });
  }

  #bounceOn(input: number, before: boolean, left: number, everyMs: number): void {
    this.#bounce = undefined;
    this.setInput(input, left === 1 ? before : !(this.#memory.inputs[input] ?? false));
    if (left > 1) this.#bounce = this.#clock.after(everyMs, () => this.#bounceOn(input, before, left - 1, everyMs));
  }

  #takeTcp(): void {
    while (this.#received.length >= MBAP_BYTES + 1) {
      const length = this.#received.readUInt16BE(4);
      // A board that has lost the thread has nothing to find it by; it waits for the next connection (V1.0b 4.3.2).
      if (this.#received.readUInt16BE(2) !== 0 || length < 2 || length > 254) return this.wire.hangUp();
      if (this.#received.length < MBAP_BYTES + length) return;
      const frame = this.#received.subarray(0, MBAP_BYTES + length);
      this.#received = this.#received.subarray(MBAP_BYTES + length);
      const unit = frame[6] ?? 0;
      const answer = this.#execute(frame.subarray(7));
      const header = Buffer.from(frame.subarray(0, 6));
      header.writeUInt16BE(answer.length + 1, 4);
      this.#send(Buffer.concat([header, Buffer.from([this.#unitOfAnswer(unit)]), answer]));
    }
  }

  #takeRtu(): void {
    if (this.#gap) this.#clock.cancel(this.#gap);
    this.#gap = this.#clock.after(FRAME_GAP_MS, () => {
      this.#gap = undefined;
      this.#received = Buffer.alloc(0);
    });
    while (this.#received.length >= 4) {
      const length = requestLength(this.#received.subarray(1));
      if (length === 0 || this.#received.length < length + 3) return;
      const frame = this.#received.subarray(0, length + 3);
      this.#received = this.#received.subarray(length + 3);
      if (frame.readUInt16LE(frame.length - 2) !== checksum(frame.subarray(0, -2))) {
        // Damaged: no answer (V1.02 2.4.1); what follows in the same burst belongs to it.
        this.#received = Buffer.alloc(0);
        return;
      }
      this.#takeRtuFrame(frame);
    }
  }

  #takeRtuFrame(frame: Buffer): void {
    const unit = frame[0] ?? 0;
    if (unit !== this.#unit && unit !== 0) return;
    const answer = this.#execute(frame.subarray(1, -2));
    if (unit === 0) return;
    const body = Buffer.concat([Buffer.from([this.#unitOfAnswer(unit)]), answer]);
    const tail = Buffer.alloc(2);
    tail.writeUInt16LE(this.faults.badCrc ? checksum(body) ^ 0x5a5a : checksum(body));
    this.#send(Buffer.concat([body, tail]));
  }

  #execute(request: Buffer): Buffer {
    this.#requests += 1;
    const { exception, stuckCoil, echoOnly } = this.faults;
    if (exception !== null) return Buffer.from([(request[0] ?? 0) | 0x80, exception]);
    const before = [...this.#memory.coils];
    const answer = respond(request, this.#memory, { stuckCoil, echoOnly });
    this.#coilChanges += this.#memory.coils.filter((coil, index) => coil !== before[index]).length;
    return answer;
  }

  #unitOfAnswer(unit: number): number {
    return this.faults.wrongUnit ? (unit % 247) + 1 : unit;
  }

  #send(frame: Buffer): void {
    const { slowMs } = this.faults;
    if (slowMs > 0) this.#clock.after(slowMs, () => this.wire.send(frame));
    else this.wire.send(frame);
  }
}

/** CRC-16 of V1.02 6.2.2, by a table of nibbles. */
function checksum(bytes: Buffer): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    for (const nibble of [byte & 15, byte >> 4]) {
      let low = (crc ^ nibble) & 15;
      for (let bit = 0; bit < 4; bit += 1) low = low & 1 ? (low >> 1) ^ 0xa001 : low >> 1;
      crc = (crc >> 4) ^ low;
    }
  }
  return crc;
}
