/**
 * Who may talk to the kiosk's server. Any program of this machine can reach a loopback port, so the browser we launched
 * proves itself: a one-use ticket becomes a cookie. The cookie's name carries the port, because cookies ignore ports and
 * two kiosks on one machine would overwrite each other's.
 */
import { timingSafeEqual } from 'node:crypto';
import type { Chance, Clock } from '../contract/clock.ts';
import type { Instant } from '../contract/outcome.schema.ts';

const SECRET_BYTES = 32;
/** A browser on a slow machine opens its first page within this time. */
const TICKET_LIFE_MS = 120_000;
const MAX_TICKETS = 8;

export class Admission {
  readonly #clock: Clock;
  readonly #chance: Chance;
  readonly #tickets = new Map<string, Instant>();
  #session: string | undefined;
  #cookieName = '';

  constructor(clock: Clock, chance: Chance) {
    this.#clock = clock;
    this.#chance = chance;
  }

  usePort(port: number): void {
    this.#cookieName = `kiosk-${port}`;
  }

  newTicket(): string {
    const ticket = this.#secret();
    this.#tickets.set(ticket, this.#clock.now() + TICKET_LIFE_MS);
    const [oldest] = this.#tickets.keys();
    if (this.#tickets.size > MAX_TICKETS && oldest !== undefined) this.#tickets.delete(oldest);
    return ticket;
  }

  /** The `Set-Cookie` of a new session, which ends the one before; undefined for a ticket that is not, or no longer, one. */
  redeem(ticket: string): string | undefined {
    const expiry = this.#tickets.get(ticket);
    this.#tickets.delete(ticket);
    if (expiry === undefined || this.#clock.now() > expiry) return undefined;
    this.#session = this.#secret();
    return `${this.#cookieName}=${this.#session}; Path=/; HttpOnly; SameSite=Strict`;
  }

  /** Whether a request's `Cookie` header holds the session. */
  admits(cookieHeader: string | undefined): boolean {
    const session = this.#session;
    if (session === undefined || cookieHeader === undefined) return false;
    return cookieHeader.split(';').some((pair) => {
      const [name, value] = pair.trim().split('=', 2);
      return name === this.#cookieName && value !== undefined && isSame(value, session);
    });
  }

  #secret(): string {
    return Buffer.from(this.#chance.bytes(SECRET_BYTES)).toString('base64url');
  }
}

function isSame(given: string, secret: string): boolean {
  const left = Buffer.from(given);
  const right = Buffer.from(secret);
  return left.length === right.length && timingSafeEqual(left, right);
}
