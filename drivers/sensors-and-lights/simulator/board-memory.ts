/** The registers of an I/O board and what each function does with them (MODBUS Application Protocol V1.1b3, 4.3 and 6). */

export interface BoardMemory {
  readonly inputs: boolean[];
  readonly coils: boolean[];
  readonly inputRegisters: number[];
  readonly holdingRegisters: number[];
}

export interface BoardTricks {
  /** Never changes, whatever is written. */
  readonly stuckCoil: number | null;
  /** Writes are echoed and not carried out. */
  readonly echoOnly: boolean;
}

export function newMemory(size: number): BoardMemory {
  return {
    inputs: Array.from({ length: size }, () => false),
    coils: Array.from({ length: size }, () => false),
    inputRegisters: Array.from({ length: size }, () => 0),
    holdingRegisters: Array.from({ length: size }, () => 0),
  };
}

const ILLEGAL_FUNCTION = 1;
const ILLEGAL_ADDRESS = 2;
const ILLEGAL_VALUE = 3;
/** How many at once (6.1 to 6.12), by function. */
const LIMITS: Readonly<Record<number, number>> = { 1: 2000, 2: 2000, 3: 125, 4: 125, 5: 1, 6: 1, 15: 1968, 16: 123 };

/** The answer to one request, both without address and checksum. Changes the memory. */
export function respond(request: Buffer, memory: BoardMemory, tricks: BoardTricks): Buffer {
  const code = request[0] ?? 0;
  const problem = faultOf(request, memory);
  if (problem !== 0) return Buffer.from([code | 0x80, problem]);
  const address = request.readUInt16BE(1);
  const second = request.readUInt16BE(3);
  const range = <Value>(table: readonly Value[]): readonly Value[] => table.slice(address, address + second);
  if (code === 1) return readBits(code, range(memory.coils));
  if (code === 2) return readBits(code, range(memory.inputs));
  if (code === 3) return readRegisters(code, range(memory.holdingRegisters));
  if (code === 4) return readRegisters(code, range(memory.inputRegisters));
  write(request, memory, tricks);
  return request.subarray(0, 5);
}

function write(request: Buffer, memory: BoardMemory, tricks: BoardTricks): void {
  const code = request[0] ?? 0;
  const address = request.readUInt16BE(1);
  const second = request.readUInt16BE(3);
  if (tricks.echoOnly) return;
  if (code === 5) setCoil(memory, tricks, address, second === 0xff00);
  if (code === 6) memory.holdingRegisters[address] = second;
  for (let index = 0; code >= 15 && index < second; index += 1) {
    const byte = request[6 + Math.floor(index / 8)] ?? 0;
    if (code === 15) setCoil(memory, tricks, address + index, ((byte >> (index % 8)) & 1) === 1);
    else memory.holdingRegisters[address + index] = request.readUInt16BE(6 + index * 2);
  }
}

/** How long a request is that begins so, without address and checksum; 0 when it cannot be told yet. */
export function requestLength(start: Buffer): number {
  const code = start[0];
  if (code !== 15 && code !== 16) return 5;
  return start.length < 6 ? 0 : 6 + (start[5] ?? 0);
}

/** The state diagrams of section 6: function, then quantity or value, then address. */
function faultOf(request: Buffer, memory: BoardMemory): number {
  const code = request[0] ?? 0;
  const limit = LIMITS[code];
  if (limit === undefined) return ILLEGAL_FUNCTION;
  if (request.length < 5) return ILLEGAL_VALUE;
  const address = request.readUInt16BE(1);
  const second = request.readUInt16BE(3);
  if (!isRightValue(request, code, second, limit)) return ILLEGAL_VALUE;
  return address + (limit === 1 ? 1 : second) <= tableOf(code, memory).length ? 0 : ILLEGAL_ADDRESS;
}

function isRightValue(request: Buffer, code: number, second: number, limit: number): boolean {
  if (code === 5) return second === 0xff00 || second === 0;
  if (code === 6) return true;
  return second >= 1 && second <= limit && hasRightByteCount(request, code, second);
}

function tableOf(code: number, memory: BoardMemory): readonly unknown[] {
  if (code === 2) return memory.inputs;
  if (code === 4) return memory.inputRegisters;
  return code === 1 || code === 5 || code === 15 ? memory.coils : memory.holdingRegisters;
}

function hasRightByteCount(request: Buffer, code: number, quantity: number): boolean {
  if (code < 15) return true;
  const byteCount = code === 15 ? Math.ceil(quantity / 8) : quantity * 2;
  return request[5] === byteCount && request.length === 6 + byteCount;
}

function setCoil(memory: BoardMemory, tricks: BoardTricks, address: number, isOn: boolean): void {
  if (tricks.stuckCoil !== address) memory.coils[address] = isOn;
}

function readBits(code: number, bits: readonly boolean[]): Buffer {
  const answer = Buffer.alloc(2 + Math.ceil(bits.length / 8));
  answer[0] = code;
  answer[1] = answer.length - 2;
  for (const [index, bit] of bits.entries()) {
    const at = 2 + Math.floor(index / 8);
    if (bit) answer[at] = (answer[at] ?? 0) + 2 ** (index % 8);
  }
  return answer;
}

function readRegisters(code: number, registers: readonly number[]): Buffer {
  const answer = Buffer.alloc(2 + registers.length * 2);
  answer[0] = code;
  answer[1] = registers.length * 2;
  for (const [index, register] of registers.entries()) answer.writeUInt16BE(register, 2 + index * 2);
  return answer;
}
