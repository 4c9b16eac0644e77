/**
 * The library modbus-serial as client, over our own link. The library builds each question and reads each answer; this file
 * gives it a port that is no wire: the question goes through the exchange, so that link, recording, deadline and abort are
 * those of every driver, and the library sees only an answer that belongs to its question. Its own timer is never started.
 */
import { EventEmitter } from 'node:events';
import modbusSerial from 'modbus-serial';
import type { Turn } from '../link/exchange.ts';
import type { Interruption } from '../link/scope.ts';
import type { IoModel } from './io-models.ts';
import { exceptionName } from './modbus-pdu.codec.ts';
import { RtuDecoder, sealRtu, type ModbusFrame } from './modbus-rtu.codec.ts';
import { sealTcp, TcpDecoder } from './modbus-tcp.codec.ts';

const { default: ModbusRTU } = modbusSerial;
type Library = InstanceType<typeof ModbusRTU>;

export type Reply<Value> =
  | { readonly kind: 'got'; readonly value: Value }
  /** The board answered with an exception (V1.1b3 section 7), or the library could not read the answer. */
  | { readonly kind: 'refused'; readonly detail: string }
  /** The question left, and nothing came back. */
  | { readonly kind: 'silent' }
  | { readonly kind: Interruption }
  /** Ended before the first byte left. */
  | { readonly kind: 'unsent'; readonly reason: Interruption };

export class ModbusClient {
  readonly #model: IoModel;
  readonly #port = new LibraryPort();
  readonly #library: Library;
  readonly #decoder: RtuDecoder | TcpDecoder;
  #transaction = 0;
  /** RTU answers carry no number: those given up on this line may still come, and are passed over. */
  #owed = 0;

  constructor(model: IoModel, unit: number) {
    this.#model = model;
    this.#decoder = model.framing === 'rtu' ? new RtuDecoder() : new TcpDecoder();
    this.#library = new ModbusRTU(this.#port);
    this.#library.open(() => {});
    this.#library.setID(unit);
  }

  get garbageBytes(): number {
    return this.#decoder.garbageBytes;
  }

  decode(chunk: Uint8Array): ModbusFrame[] {
    return this.#decoder.push(chunk);
  }

  /** The wire is new. */
  reset(): void {
    this.#decoder.reset();
    this.#owed = 0;
  }

  readInputs(turn: Turn<ModbusFrame>, address: number, quantity: number): Promise<Reply<readonly boolean[]>> {
    return this.#readBits(turn, quantity, (library) => library.readDiscreteInputs(address, quantity));
  }

  readCoils(turn: Turn<ModbusFrame>, address: number, quantity: number): Promise<Reply<readonly boolean[]>> {
    return this.#readBits(turn, quantity, (library) => library.readCoils(address, quantity));
  }

  async writeCoil(turn: Turn<ModbusFrame>, address: number, isOn: boolean): Promise<Reply<boolean>> {
    const reply = await this.#transact(turn, (library) => library.writeCoil(address, isOn));
    return reply.kind === 'got' ? { kind: 'got', value: reply.value.state } : reply;
  }

  async #readBits(
    turn: Turn<ModbusFrame>,
    quantity: number,
    ask: (library: Library) => Promise<{ readonly data: readonly boolean[] }>,
  ): Promise<Reply<readonly boolean[]>> {
    const reply = await this.#transact(turn, ask);
    return reply.kind === 'got' ? { kind: 'got', value: reply.value.data.slice(0, quantity) } : reply;
  }

  async #transact<Value>(turn: Turn<ModbusFrame>, ask: (library: Library) => Promise<Value>): Promise<Reply<Value>> {
    if (this.#model.gapMs > 0) await turn.scope.pause(this.#model.gapMs);
    if (turn.scope.interruption) return { kind: 'unsent', reason: turn.scope.interruption };
    const answered = ask(this.#library).then(
      (value): Reply<Value> => ({ kind: 'got', value }),
      (error: unknown): Reply<Value> => ({ kind: 'refused', detail: refusalOf(error) }),
    );
    const question = this.#port.takeQuestion();
    const wait = await turn.ask(
      this.#framed(question),
      (frame) => this.#answerTo(question, frame),
      this.#model.answerMs,
    );
    if (wait.kind === 'got') {
      this.#port.deliver(sealRtu(wait.value.unit, wait.value.pdu));
      return answered;
    }
    if (wait.kind !== 'lost') this.#owed += 1;
    return wait.kind === 'timeout' ? { kind: 'silent' } : { kind: wait.kind };
  }

  #framed(question: ModbusFrame): Uint8Array {
    if (this.#model.framing === 'rtu') return sealRtu(question.unit, question.pdu);
    this.#transaction = (this.#transaction + 1) & 0xffff;
    return sealTcp(this.#transaction, question.unit, question.pdu);
  }

  #answerTo(question: ModbusFrame, frame: ModbusFrame): ModbusFrame | undefined {
    if (frame.unit !== question.unit) return undefined;
    if (this.#model.framing === 'tcp') {
      return frame.transaction === this.#transaction && isAnswer(question.pdu, frame.pdu) ? frame : undefined;
    }
    if (this.#owed > 0) {
      this.#owed -= 1;
      return undefined;
    }
    return isAnswer(question.pdu, frame.pdu) ? frame : undefined;
  }
}

/** Function, and the part of an answer that repeats its question (V1.1b3 section 6). */
function isAnswer(question: Uint8Array, answer: Uint8Array): boolean {
  const code = question[0] ?? 0;
  if (answer[0] === (code | 0x80)) return answer.length === 2;
  if (answer[0] !== code) return false;
  if (code > 4) return answer.every((byte, at) => byte === question[at]);
  const quantity = ((question[3] ?? 0) << 8) | (question[4] ?? 0);
  const byteCount = code <= 2 ? Math.ceil(quantity / 8) : quantity * 2;
  return answer[1] === byteCount && answer.length === 2 + byteCount;
}

function refusalOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'modbusCode' in error ? error.modbusCode : undefined;
  if (typeof code === 'number') return `exception ${code} ${exceptionName(code) ?? ''}`.trim();
  return error instanceof Error ? error.message : String(error);
}

/** What modbus-serial takes for a serial port (its README, "custom port"): it reads the two numbers by these names. */
class LibraryPort extends EventEmitter {
  readonly isOpen = true;
  _transactionIdRead = 1;
  _transactionIdWrite = 1;
  #question: ModbusFrame = { unit: 0, pdu: new Uint8Array() };

  open(callback: (error?: Error) => void): void {
    callback();
  }

  close(callback?: () => void): void {
    callback?.();
  }

  /** Called within the library's own call: unit, PDU, CRC. */
  write(bytes: Uint8Array): void {
    this.#question = { unit: bytes[0] ?? 0, pdu: Uint8Array.from(bytes.subarray(1, -2)) };
  }

  takeQuestion(): ModbusFrame {
    return this.#question;
  }

  deliver(frame: Uint8Array): void {
    this.emit('data', Buffer.from(frame));
  }
}
