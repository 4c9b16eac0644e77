/**
 * The reader's end of a vpcd wire: listens on loopback, and the virtual card that connects is the wire (device-protocols 2.7).
 * For development and demonstrations; it never listens beyond this machine. `lost` without a problem: it listens, and no card
 * has come.
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Clock, TimerHandle } from '../../contract/clock.ts';
import { problem, type Problem } from '../../contract/outcome.schema.ts';
import type { ByteLink, LinkState } from '../link/byte-link.ts';
import { Listeners } from '../link/listeners.ts';

const HOST = '127.0.0.1';
const LISTEN_AGAIN_MS = 1_000;

export class VpcdListener implements ByteLink {
  readonly #port: number;
  readonly #clock: Clock;
  readonly #data = new Listeners<Uint8Array>();
  readonly #states = new Listeners<LinkState>();
  #state: LinkState = 'connecting';
  #problem: Problem | undefined;
  #server: Server | undefined;
  #socket: Socket | undefined;
  #timer: TimerHandle | undefined;
  #isClosed = false;

  /** Port 0 takes a free one; `port` names it once it listens. */
  constructor(port: number, clock: Clock) {
    this.#port = port;
    this.#clock = clock;
  }

  get address(): string {
    return `vpcd ${HOST}:${this.port}`;
  }

  get port(): number {
    const bound = this.#server?.address() as AddressInfo | null | undefined;
    return bound?.port ?? this.#port;
  }

  get state(): LinkState {
    return this.#state;
  }

  get problem(): Problem | undefined {
    return this.#problem;
  }

  open(): void {
    if (!this.#server && !this.#isClosed) this.#listen();
  }

  write(bytes: Uint8Array): boolean {
    if (!this.#socket) return false;
    this.#socket.write(bytes);
    return true;
  }

  /** The card that came has to come again. */
  reconnect(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.destroy();
    if (socket) this.#become('lost');
  }

  onData(listener: (chunk: Uint8Array) => void): () => void {
    return this.#data.add(listener);
  }

  onState(listener: (state: LinkState) => void): () => void {
    return this.#states.add(listener);
  }

  close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer) this.#clock.cancel(this.#timer);
    this.#problem = problem('device.absent', 'closed');
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.destroy();
    const server = this.#server;
    this.#server = undefined;
    this.#become('lost');
    return new Promise((resolve) => {
      if (server?.listening) server.close(() => resolve());
      else resolve();
    });
  }

  #listen(): void {
    const server = createServer({ noDelay: true }, (socket) => this.#cameOn(socket));
    this.#server = server;
    server.on('error', (error) => this.#failed(error));
    server.listen({ host: HOST, port: this.#port }, () => {
      if (server !== this.#server) return void server.close();
      this.#problem = undefined;
      this.#become('lost');
    });
  }

  /** E.g. another program has the port. */
  #failed(error: Error): void {
    this.#server = undefined;
    if (this.#isClosed) return;
    this.#problem = problem('device.absent', error.message);
    this.#timer = this.#clock.after(LISTEN_AGAIN_MS, () => this.#listen());
    this.#become('lost');
  }

  /** The newest one counts: the old socket may be half dead. */
  #cameOn(socket: Socket): void {
    this.reconnect();
    this.#socket = socket;
    const isCurrent = (): boolean => socket === this.#socket;
    socket.on('data', (chunk) => isCurrent() && this.#data.tell(chunk));
    socket.on('error', () => socket.destroy()); // `close` follows and says it
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      if (!isCurrent()) return;
      this.#socket = undefined;
      this.#become('lost');
    });
    this.#become('open');
  }

  /** `lost` is told again with each new reason. */
  #become(state: LinkState): void {
    this.#state = state;
    this.#states.tell(state);
  }
}
