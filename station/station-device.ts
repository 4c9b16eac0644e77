/** One simulated device as the station's page sees it: plain state, named actions. */
import type { Static, TSchema } from 'typebox';
import { parse } from '../contract/check.ts';
import type { DeviceClass } from '../contract/driver.ts';
import { ok, type Result } from '../contract/outcome.schema.ts';

export interface StationAction {
  /** Checks the input and acts; the problem names the wrong key. */
  run(input: unknown): Result<null>;
}

export interface DeviceControls {
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
    run(raw) {
      const input = parse(schema, raw);
      if (!input.ok) return input;
      return act(input.value) ?? ok(null);
    },
  };
}
