/**
 * A reader without hardware: listens on loopback as the reader side of vpcd, and the virtual card that connects is the card
 * that was laid down (device-protocols 2.7). For development and demonstrations; it never listens beyond this machine.
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Clock, TimerHandle } from '../../contract/clock.ts';
import { fail, ok, problem, type Result } from '../../contract/outcome.schema.ts';
import { ConditionHolder, type CardConnection, type CardLink, type CardLinkCondition } from './card-link.ts';
import { VpcdCard } from './vpcd-card.ts';

const HOST = '127.0.0.1';
const LISTEN_AGAIN_MS = 1_000;
/** A lifted card closes its socket; the poll finds the one that only fell silent. */
const POLL_MS = 1_000;

export class VpcdCardLink implements CardLink {
  readonly #port: number;
  readonly #clock: Clock;
  readonly #condition = new ConditionHolder();
  #server: Server | undefined;
  #card: VpcdCard | undefined;
  #timer: TimerHandle | undefined;
  #isClosed = false;

  /** Port 0 takes a free one; `port` names it once the link is online. */
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

  get condition(): CardLinkCondition {
    return this.#condition.value;
  }

  onChange(listener: (condition: CardLinkCondition) => void): () => void {
    return this.#condition.onChange(listener);
  }

  open(): void {
    if (!this.#server && !this.#isClosed) this.#listen();
  }

  async connect(): Promise<Result<CardConnection>> {
    const card = this.#card;
    if (!card) return fail('card.removed');
    card.powerOn();
    const atr = await card.atr();
    if (!atr.ok) return atr;
    return ok({
      atr: atr.value,
      async transmit(apdu) {
        const answer = await card.ask(apdu);
        return answer.ok && answer.value.length < 2 ? fail('card.unreadable', 'no status word') : answer;
      },
      end() {
        card.powerOff();
        return Promise.resolve();
      },
    });
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#stopTimer();
    this.#card?.drop();
    const server = this.#server;
    this.#server = undefined;
    this.#condition.offline(problem('device.absent', 'closed'));
    return new Promise((resolve) => {
      if (server?.listening) server.close(() => resolve());
      else resolve();
    });
  }

  #listen(): void {
    const server = createServer((socket) => this.#cameOn(socket));
    this.#server = server;
    server.on('error', (error) => this.#failed(error));
    server.listen({ host: HOST, port: this.#port }, () => {
      if (server === this.#server) this.#condition.online('notPresent');
      else server.close();
    });
  }

  /** E.g. another program has the port. */
  #failed(error: Error): void {
    this.#server = undefined;
    if (this.#isClosed) return;
    this.#condition.offline(problem('device.absent', error.message));
    this.#timer = this.#clock.after(LISTEN_AGAIN_MS, () => this.#listen());
  }

  /** A card lies on the reader when it has said its ATR. The newest one counts: the old socket may be half dead. */
  #cameOn(socket: Socket): void {
    const before = this.#card;
    if (before) {
      before.drop();
      this.#wentOff(before);
    }
    const card: VpcdCard = new VpcdCard(socket, this.#clock, () => this.#wentOff(card));
    this.#card = card;
    card.powerOn();
    void this.#poll(card);
  }

  async #poll(card: VpcdCard): Promise<void> {
    const atr = card.isIdle ? await card.atr() : undefined;
    if (card !== this.#card || card.isGone) return;
    if (atr?.ok) this.#condition.online('present');
    this.#timer = this.#clock.after(POLL_MS, () => void this.#poll(card));
  }

  #wentOff(card: VpcdCard): void {
    if (card !== this.#card) return;
    this.#card = undefined;
    this.#stopTimer();
    if (!this.#isClosed) this.#condition.online('notPresent');
  }

  #stopTimer(): void {
    if (this.#timer) this.#clock.cancel(this.#timer);
    this.#timer = undefined;
  }
}
