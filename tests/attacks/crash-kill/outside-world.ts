/**
 * Everything outside the kiosk's process: devices, acquirer, platform, residents. It survives the kiosk, knows what really
 * happened, and is who kills the kiosk while one of its calls is under way.
 */
import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import type { CommandOf } from '../../../contract/devices/device-classes.ts';
import type { DeviceClass } from '../../../contract/driver.ts';
import { NO_FAULTS } from '../../../engine/ledger/test-support/fake-devices.ts';
import { Cabinet, NO_DOOR_FAULTS } from '../support/cabinet.ts';
import { ReferencePlatform } from '../support/reference-platform.ts';
import type { KillPlan } from './kill-plan.ts';
import type { Call } from './wire.ts';

const CALM = { ...NO_FAULTS, ...NO_DOOR_FAULTS };
const NEVER = { deadline: Number.POSITIVE_INFINITY, signal: new AbortController().signal };

export class OutsideWorld {
  readonly cabinet = new Cabinet();
  readonly platform = new ReferencePlatform();

  /** Serves one kiosk process until it is gone; says at which of its calls it was killed, if it was from here. */
  async serve(child: ChildProcess, socket: Socket, plan: KillPlan | undefined): Promise<string | undefined> {
    const visit = new Visit(this, child, socket, plan);
    return visit.untilGone();
  }

  async act(call: Call): Promise<unknown> {
    if (call.to === 'device') {
      const deviceClass = call.deviceClass as DeviceClass;
      return this.cabinet.execute(deviceClass, call.command as CommandOf<DeviceClass>, NEVER);
    }
    if (call.to === 'platform') return this.platform.take(call.batch).reply;
    if (call.tells === 'leaves') {
      this.cabinet.take(call.operation);
      this.cabinet.shutDoors();
    }
    return {};
  }
}

/** One kiosk process and the outside world. */
class Visit {
  readonly #world: OutsideWorld;
  readonly #child: ChildProcess;
  readonly #socket: Socket;
  readonly #plan: KillPlan | undefined;
  readonly #gone: Promise<void>;
  #phase: KillPlan['phase'] = 'start';
  #counted = 0;
  #killedAt: string | undefined;
  #text = '';
  /** Calls are acted on one after the other, in the order in which they came. */
  #acting = Promise.resolve();

  constructor(world: OutsideWorld, child: ChildProcess, socket: Socket, plan: KillPlan | undefined) {
    this.#world = world;
    this.#child = child;
    this.#socket = socket;
    this.#plan = plan;
    if (!plan) this.#letNothingGoWrong();
    this.#gone = new Promise((resolve) => {
      child.once('close', () => resolve());
    });
    // a killed peer resets the line: what it wrote before is read all the same
    socket.on('error', () => undefined);
    socket.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
  }

  async untilGone(): Promise<string | undefined> {
    await this.#gone;
    await this.#acting;
    return this.#killedAt;
  }

  #hear(text: string): void {
    const lines = (this.#text + text).split('\n');
    this.#text = lines.pop() ?? '';
    for (const line of lines) {
      const { number, ...call } = JSON.parse(line) as Call & { number: number };
      this.#acting = this.#acting.then(() => this.#take(number, call));
    }
  }

  async #take(number: number, call: Call): Promise<void> {
    const when = this.#isLastCall(call) && this.#plan?.at.kind === 'flight' ? this.#plan.at.when : undefined;
    if (when === undefined) {
      if (call.to === 'world') this.#letGoWrong(call);
      this.#answer(number, await this.#world.act(call));
      return;
    }
    this.#killedAt = `${call.to === 'device' ? (call.command as { kind: string }).kind : call.to} ${when}`;
    if (when === 'unanswered') await this.#world.act(call);
    this.#child.kill('SIGKILL');
    await this.#gone;
    if (when === 'late') await this.#world.act(call);
  }

  /** Calls count from the wanted phase on; one that is never reached in it is made up for in the next. */
  #isLastCall({ to }: Call): boolean {
    const { phase, at } = this.#plan ?? {};
    if (at?.kind !== 'flight' || to === 'world') return false;
    if (this.#phase === phase) return ++this.#counted === at.nth;
    return phase === 'start';
  }

  #letGoWrong(call: Extract<Call, { to: 'world' }>): void {
    if (call.tells === 'opened') this.#phase = 'service';
    Object.assign(this.#world.cabinet.faults, CALM, this.#plan?.faults);
  }

  #letNothingGoWrong(): void {
    Object.assign(this.#world.cabinet.faults, CALM);
  }

  #answer(number: number, answer: unknown): void {
    if (this.#socket.writable) this.#socket.write(`${JSON.stringify({ number, answer })}\n`);
  }
}
