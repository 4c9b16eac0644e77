import { connect, type Socket } from 'node:net';
import type { Clock, TimerHandle } from '../../../contract/clock.ts';
import type { ByteSimulator } from '../../simulator/byte-simulator.ts';

/** A card or a PSAM: something that lies in a slot, or does not. */
export interface Insertable extends ByteSimulator {
  readonly present: boolean;
  onPresence(listener: (present: boolean) => void): () => void;
}

export interface CardWire {
  /** Where the reader listens. */
  readonly address: string;
  close(): Promise<void>;
}

const RECONNECT_MS = 250;

/**
 * Carries the card to the reader that listens at `host:port`: connected while a card lies there, tried again while the
 * reader is not yet there, closed when the card is lifted. Works with the kiosk's own listener and with pcscd's vpcd.
 */
export function wireCard(
  card: Insertable,
  target: { readonly host: string; readonly port: number; readonly clock: Clock },
): CardWire {
  let socket: Socket | undefined;
  let retry: TimerHandle | undefined;
  let closed = false;

  // each message is one segment and Nagle is off: length and body apart would wait 40 ms for an acknowledgement
  function dial(): void {
    retry = undefined;
    if (closed || socket || !card.present) return;
    const dialled = connect({ host: target.host, port: target.port, noDelay: true });
    socket = dialled;
    dialled.on('connect', () => card.connected());
    dialled.on('data', (bytes) => {
      if (dialled === socket) card.feed(Uint8Array.from(bytes));
    });
    dialled.on('error', () => dialled.destroy()); // the reader is not there: `close` follows, and the next try
    dialled.on('close', () => hungUp(dialled));
  }

  function hungUp(ended: Socket): void {
    if (ended !== socket) return;
    socket = undefined;
    card.disconnected();
    if (!closed && card.present) retry ??= target.clock.after(RECONNECT_MS, dial);
  }

  /** What was said last still goes out; nothing of the next card may go this way. */
  function letGo(): void {
    const ended = socket;
    socket = undefined;
    if (!ended) return;
    card.disconnected();
    ended.destroySoon();
  }

  const stops = [
    card.onOutput((bytes) => socket?.write(bytes)),
    card.onPresence((present) => (present ? dial() : letGo())),
    card.onHangUp(() => socket?.destroySoon()),
  ];
  dial();
  return {
    address: `${target.host}:${target.port}`,
    close() {
      closed = true;
      for (const stop of stops) stop();
      if (retry) target.clock.cancel(retry);
      const open = socket;
      letGo();
      if (!open || open.destroyed) return Promise.resolve();
      return new Promise((resolve) => open.once('close', () => resolve()));
    },
  };
}
