/** One simulated device as the station's page sees it: plain state, named actions. */
import type { Static, TSchema } from 'typebox';
import { parse } from '../contract/check.ts';
import type { Chance, Clock } from '../contract/clock.ts';
import type { DeviceClass } from '../contract/driver.ts';
import { ok, type Result } from '../contract/outcome.schema.ts';
import type { StationDevice, StationDeviceOf } from '../contract/station-config.schema.ts';
import type { ByteSimulator } from '../drivers/simulator/byte-simulator.ts';
import { serveSerial } from '../drivers/simulator/serve-serial.ts';
import { serveTcp, type ServedSimulator } from '../drivers/simulator/serve-tcp.ts';

export interface Surroundings {
  readonly clock: Clock;
  readonly chance: Chance;
}

/** Starts one simulator on its wire. Rejects when the wire cannot be had. */
export type OpenSimulator<Class extends StationDevice['class']> = (
  config: StationDeviceOf<Class>,
  surroundings: Surroundings,
) => Promise<StationDeviceHandle>;

export interface StationAction {
  /** What it takes; the page makes a form of it: an enum is a choice, a boolean a switch, an integer a number. */
  readonly input: TSchema;
  /** Checks the input and acts; the problem names the wrong key. */
  run(input: unknown): Result<null>;
}

export interface DeviceControls {
  /** In the order in which a person wants them. Each name has its words in `page/words.js`. */
  readonly actions: Readonly<Record<string, StationAction>>;
  state(): unknown;
  /** A picture of a printed slip; undefined when there is none of that number. */
  slipPng?(number: number): Uint8Array | undefined;
}

export interface StationDeviceHandle extends DeviceControls {
  readonly id: string;
  readonly class: DeviceClass;
  readonly model: string;
  /** Where a driver finds it. */
  readonly address: string;
  /** TCP port it listens on; 0 when it does not. */
  readonly port: number;
  close(): Promise<void>;
}

/** An action that takes `schema`; what it returns, if it returns a problem, is the answer. */
export function action<Schema extends TSchema>(
  schema: Schema,
  act: (input: Static<Schema>) => Result<null> | void,
): StationAction {
  return {
    input: schema,
    run(raw) {
      const input = parse(schema, raw);
      if (!input.ok) return input;
      return act(input.value) ?? ok(null);
    },
  };
}

/** Puts a simulator that speaks over a stream of bytes on the wire its configuration names. */
export function serve(
  simulator: ByteSimulator,
  listen: { readonly kind: 'tcp'; readonly port: number } | { readonly kind: 'serial'; readonly path: string },
): Promise<ServedSimulator> {
  return listen.kind === 'tcp'
    ? serveTcp(simulator, { host: '127.0.0.1', port: listen.port })
    : serveSerial(simulator, listen.path);
}
