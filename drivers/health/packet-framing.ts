/** How indications and reports travel: a chunk each on a HID link, a gateway frame each on a stream of bytes. */
import { GatewayDecoder, gatewayFrame, type Channel, type Packet } from './gateway.codec.ts';
import type { HealthDecoder } from './health-dialect.ts';

export interface PacketFraming {
  wrap(channel: Channel, bytes: Uint8Array): Uint8Array;
  readonly decoder: HealthDecoder<Packet>;
}

export function gatewayFraming(): PacketFraming {
  return { wrap: gatewayFrame, decoder: new GatewayDecoder() };
}

/** The link keeps chunks whole: what is written goes out as it is, what comes in is a value. */
export function chunkFraming(): PacketFraming {
  return {
    wrap: (_channel, bytes) => bytes,
    decoder: {
      push: (chunk) => [{ channel: 'value', bytes: chunk }],
      reset: () => undefined,
      pendingBytes: 0,
      damagedBytes: 0,
    },
  };
}
