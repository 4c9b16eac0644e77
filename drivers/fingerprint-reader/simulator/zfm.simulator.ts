import type { Chance, Clock } from '../../../contract/clock.ts';
import type { ByteSimulator } from '../../simulator/byte-simulator.ts';
import { FaultyWire, type WireFaults } from '../../simulator/faulty-wire.ts';
import { fingerOf, type FingerName, type Person, type SimulatedFinger, type Skin } from './fingers.ts';
import { CODE, MEMORY_ACTS, word, type Answer } from './zfm-instructions.ts';
import { ZfmMemory, type MemorySizes, type MemoryState } from './zfm-memory.ts';
import { PacketReceiver, packetBytes, type Heard, type Packet } from './zfm-packet.ts';

export interface ZfmFaults {
  /** A clone: it refuses to tell its parameters. */
  noParameters: boolean;
  /** A clone that knows no random numbers either. */
  noRandom: boolean;
  /** Every packet leaves with a wrong sum. */
  badChecksum: boolean;
  /** The acknowledge before is said again, right before each new one. */
  staleAck: boolean;
  /** Each acknowledge is said a second time, so many milliseconds later; 0 = once. */
  echoAfterMs: number;
  /** The module answers under another address. */
  wrongAddress: boolean;
  /** The next so many commands count as received with an error. */
  receiveErrors: number;
  /** A finger that lies there is not seen. */
  blind: boolean;
  /** GenImg fails although a finger lies there. */
  captureFails: boolean;
  /** The second packet of each upload is lost. */
  losesDataPacket: boolean;
  flashError: boolean;
  /** The busy bit stands in the parameters. */
  busy: boolean;
  /** A USB bridge hands on so many bytes at a time; 0 = all at once. */
  splitEveryBytes: number;
  /** Milliseconds between two such pieces. */
  splitGapMs: number;
}

export function noZfmFaults(): ZfmFaults {
  return {
    noParameters: false,
    noRandom: false,
    badChecksum: false,
    staleAck: false,
    echoAfterMs: 0,
    wrongAddress: false,
    receiveErrors: 0,
    blind: false,
    captureFails: false,
    losesDataPacket: false,
    flashError: false,
    busy: false,
    splitEveryBytes: 0,
    splitGapMs: 0,
  };
}

export interface ZfmOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly sizes?: Partial<MemorySizes>;
  readonly address?: number;
  /** Another one than 0 must be verified before the module does anything. */
  readonly password?: number;
}

export interface ZfmState {
  readonly connected: boolean;
  readonly finger: SimulatedFinger | null;
  readonly memory: MemoryState;
  /** Anything of a person in image or buffers; the library is meant to hold people. */
  readonly holdsAPerson: boolean;
  readonly isPasswordVerified: boolean;
  readonly address: string;
  readonly packetBytes: number;
  readonly light: string;
  readonly commands: number;
  readonly faults: ZfmFaults & WireFaults;
}

const ACK_PID = 7;
const PASSWORD_ACTS = new Set([0x12, 0x13]);
const SIZES: MemorySizes = { featureBytes: 256, templateBytes: 512, imageBytes: 36_864, capacity: 200 };

/** A ZFM-20 family module on its UART (device-protocols 3): one command, one answer, uploads and downloads in packets. */
export class ZfmSimulator implements ByteSimulator {
  readonly wire: FaultyWire;
  readonly faults: ZfmFaults = noZfmFaults();
  readonly memory: ZfmMemory;
  readonly #clock: Clock;
  readonly #chance: Chance;
  readonly #receiver = new PacketReceiver();
  #address: number;
  #password: number;
  #isVerified = false;
  #finger: SimulatedFinger | undefined;
  #download: { readonly target: 'image' | number; readonly bytes: number[] } | undefined;
  #lastAck: Uint8Array | undefined;
  #packetCode = 2;
  #security = 3;
  #baudN = 6;
  #light = 'off';
  #commands = 0;
  #connected = false;
  #nextPieceMs = 0;

  constructor(options: ZfmOptions) {
    this.#clock = options.clock;
    this.#chance = options.chance;
    this.#address = options.address ?? 0xffffffff;
    this.#password = options.password ?? 0;
    this.memory = new ZfmMemory({ ...SIZES, ...options.sizes });
    this.wire = new FaultyWire(options.clock, options.chance);
  }

  get state(): ZfmState {
    const memory = this.memory.state;
    return {
      connected: this.#connected,
      finger: this.#finger ?? null,
      memory,
      holdsAPerson: [memory.image, memory.buffer1, memory.buffer2].some((content) => content.startsWith('of ')),
      isPasswordVerified: this.#isVerified,
      address: this.#address.toString(16).toUpperCase().padStart(8, '0'),
      packetBytes: this.#packetBytes,
      light: this.#light,
      commands: this.#commands,
      faults: { ...this.faults, ...this.wire.faults },
    };
  }

  /** A finger is laid down; quality and skin as the person has them unless given. */
  press(person: Person, name: FingerName, as: { readonly quality?: number; readonly skin?: Skin } = {}): void {
    this.#finger = { ...fingerOf(person, name), ...as };
  }

  lift(): void {
    this.#finger = undefined;
  }

  /** Off and on: image and buffers are gone, the library stays. */
  powerCycle(): void {
    this.memory.powerOff();
    this.#isVerified = false;
    this.#download = undefined;
    this.#lastAck = undefined;
    this.#receiver.reset();
  }

  /** An acknowledge nobody asked for. */
  sayUnasked(code: number): void {
    this.#put(this.#ackBytes({ code }));
  }

  onOutput(listener: (bytes: Uint8Array) => void): () => void {
    return this.wire.outputListeners.add(listener);
  }

  onHangUp(listener: () => void): () => void {
    return this.wire.hangUpListeners.add(listener);
  }

  connected(): void {
    this.#connected = true;
  }

  disconnected(): void {
    this.#connected = false;
    this.#receiver.reset();
    this.#download = undefined;
    this.wire.cut();
  }

  feed(bytes: Uint8Array): void {
    this.wire.receive(bytes, (received) => {
      for (const heard of this.#receiver.push(received)) this.#hear(heard);
    });
  }

  get #packetBytes(): number {
    return 32 << this.#packetCode;
  }

  #hear(heard: Heard): void {
    // A command or packet that came spoiled; a spoiled piece of a download is simply missing.
    if (heard.kind === 'damaged') return this.#download ? undefined : this.#acknowledge({ code: CODE.receiveError });
    const { address, pid, content } = heard.packet;
    if (address !== this.#address) return this.#acknowledge({ code: CODE.addressMismatch });
    if (pid === 2 || pid === 8) return this.#takeData(content, pid === 8);
    if (pid !== 1) return;
    this.#download = undefined;
    this.#commands += 1;
    const [instruction = 0] = content;
    if (this.faults.receiveErrors > 0) {
      this.faults.receiveErrors -= 1;
      return this.#acknowledge({ code: CODE.receiveError });
    }
    if (this.#password !== 0 && !this.#isVerified && !PASSWORD_ACTS.has(instruction)) {
      return this.#acknowledge({ code: CODE.passwordNeeded });
    }
    this.#obey(instruction, content.subarray(1));
  }

  #obey(instruction: number, parameters: Uint8Array): void {
    const { captureFails, flashError, blind } = this.faults;
    const act = MEMORY_ACTS[instruction];
    if (act) {
      const finger = blind ? undefined : this.#finger;
      return this.#acknowledge(act({ memory: this.memory, finger, captureFails, flashError }, parameters));
    }
    const [first = 1] = parameters;
    switch (instruction) {
      case 0x08:
        return this.#upload(this.memory.buffer(first), CODE.uploadFailed);
      case 0x0a:
        return this.#upload(this.memory.image(), 0x0f);
      case 0x09:
        this.#download = { target: first, bytes: [] };
        return this.#acknowledge({ code: CODE.success });
      case 0x0b:
        this.#download = { target: 'image', bytes: [] };
        return this.#acknowledge({ code: CODE.success });
      default:
        return this.#acknowledge(this.#ownBusiness(instruction, parameters));
    }
  }

  #ownBusiness(instruction: number, parameters: Uint8Array): Answer {
    const view = new DataView(Uint8Array.from([...parameters, 0, 0, 0, 0]).buffer);
    switch (instruction) {
      case 0x0e:
        return this.#setParameter(view.getUint8(0), view.getUint8(1));
      case 0x0f:
        return this.faults.noParameters ? { code: CODE.receiveError } : this.#parameters();
      case 0x12:
        this.#password = view.getUint32(0);
        return { code: CODE.success };
      case 0x13:
        this.#isVerified = view.getUint32(0) === this.#password;
        return { code: this.#isVerified ? CODE.success : CODE.wrongPassword };
      case 0x14:
        return this.faults.noRandom
          ? { code: CODE.receiveError }
          : { code: CODE.success, content: [...this.#chance.bytes(4)] };
      case 0x15:
        this.#address = view.getUint32(0);
        return { code: CODE.success };
      default:
        return this.#lightUp(instruction, view);
    }
  }

  #lightUp(instruction: number, parameters: DataView): Answer {
    if (instruction === 0x35) this.#light = `aura mode ${parameters.getUint8(0)} colour ${parameters.getUint8(2)}`;
    else if (instruction === 0x50 || instruction === 0x51) this.#light = instruction === 0x50 ? 'on' : 'off';
    else return { code: CODE.receiveError };
    return { code: CODE.success };
  }

  #setParameter(number: number, value: number): Answer {
    if (number === 4 && value >= 1 && value <= 12) this.#baudN = value;
    else if (number === 5 && value >= 1 && value <= 5) this.#security = value;
    else if (number === 6 && value <= 3) this.#packetCode = value;
    else return { code: CODE.badRegister };
    return { code: CODE.success };
  }

  #parameters(): Answer {
    const status =
      (this.faults.busy ? 1 : 0) | (this.#isVerified && this.#password !== 0 ? 4 : 0) | (this.memory.hasImage ? 8 : 0);
    const address = [this.#address >>> 24, (this.#address >>> 16) & 0xff, (this.#address >>> 8) & 0xff];
    return {
      code: CODE.success,
      content: [
        ...[...word(status), ...word(4), ...word(this.memory.sizes.capacity), ...word(this.#security)],
        ...[...address, this.#address & 0xff, ...word(this.#packetCode), ...word(this.#baudN)],
      ],
    };
  }

  #takeData(content: Uint8Array, isLast: boolean): void {
    const download = this.#download;
    if (!download) return;
    download.bytes.push(...content);
    if (!isLast) return;
    this.#download = undefined;
    const bytes = Uint8Array.from(download.bytes);
    if (download.target === 'image') this.memory.setImage(bytes);
    else this.memory.setBuffer(download.target, bytes);
  }

  #upload(bytes: Uint8Array, refusal: number): void {
    if (bytes.length === 0) return this.#acknowledge({ code: refusal });
    this.#acknowledge({ code: CODE.success });
    const size = this.#packetBytes;
    for (let at = 0; at < bytes.length; at += size) {
      if (this.faults.losesDataPacket && at === size) continue;
      this.#say({ pid: at + size < bytes.length ? 2 : 8, content: bytes.slice(at, at + size) });
    }
  }

  #acknowledge(answer: Answer): void {
    const { staleAck, echoAfterMs } = this.faults;
    const ack = this.#ackBytes(answer);
    if (staleAck && this.#lastAck) this.#put(this.#lastAck);
    this.#lastAck = ack;
    this.#put(ack);
    if (echoAfterMs > 0) this.#clock.after(echoAfterMs, () => this.#put(ack));
  }

  #ackBytes({ code, content = [] }: Answer): Uint8Array {
    return this.#packet({ pid: ACK_PID, content: Uint8Array.of(code, ...content) });
  }

  #say(packet: Omit<Packet, 'address'>): void {
    this.#put(this.#packet(packet));
  }

  #packet(packet: Omit<Packet, 'address'>): Uint8Array {
    const address = this.faults.wrongAddress ? (this.#address ^ 1) >>> 0 : this.#address;
    const bytes = packetBytes({ ...packet, address });
    if (this.faults.badChecksum) bytes[bytes.length - 1] = ((bytes.at(-1) ?? 0) + 1) & 0xff;
    return bytes;
  }

  #put(bytes: Uint8Array): void {
    const { splitEveryBytes, splitGapMs } = this.faults;
    if (splitEveryBytes === 0) return this.wire.send(bytes);
    for (let at = 0; at < bytes.length; at += splitEveryBytes) {
      const part = bytes.slice(at, at + splitEveryBytes);
      if (splitGapMs === 0) this.wire.send(part);
      else this.#putLater(part, splitGapMs);
    }
  }

  /** Pieces keep their order, also those of several packets. */
  #putLater(part: Uint8Array, gapMs: number): void {
    this.#nextPieceMs = Math.max(this.#clock.now(), this.#nextPieceMs) + gapMs;
    this.#clock.after(this.#nextPieceMs - this.#clock.now(), () => this.wire.send(part));
  }
}
