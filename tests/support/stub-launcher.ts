/** Starts stub engines inside this process, which can be told to die, to hang, or never to answer. */
import { KIOSK_RPC } from '../../contract/kiosk.rpc.ts';
import { ok } from '../../contract/outcome.schema.ts';
import { serve } from '../../contract/rpc.ts';
import type { View } from '../../contract/view.schema.ts';
import type { EngineLauncher, EngineProcess } from '../../shell/engine-keeper.ts';
import { portPair } from './port-pair.ts';
import { stubView } from './stub-view.ts';

export class StubEngine implements EngineProcess {
  readonly port;
  readonly pid: number;
  readonly sent: unknown[] = [];
  viewsAsked = 0;
  wasKilled = false;
  isHanging = false;
  readonly #exitListeners: ((why: string) => void)[] = [];
  readonly #emit: (view: View) => void;

  constructor(pid: number) {
    this.pid = pid;
    const [hostEnd, engineEnd] = portPair();
    this.port = hostEnd;
    const server = serve(engineEnd, KIOSK_RPC, {
      view: () => {
        this.viewsAsked += 1;
        return this.isHanging ? new Promise<never>(() => undefined) : ok(stubView(1, false, String(pid)));
      },
      send: (intent) => {
        this.sent.push(intent);
        return this.isHanging ? new Promise<never>(() => undefined) : ok({ taken: true });
      },
    });
    this.#emit = (view) => server.emit('view', view);
  }

  show(view: View): void {
    this.#emit(view);
  }

  onExit(listener: (why: string) => void): void {
    this.#exitListeners.push(listener);
  }

  end(): void {
    if (!this.isHanging) this.die('ended');
  }

  kill(): void {
    this.wasKilled = true;
    this.die('killed');
  }

  die(why: string): void {
    this.port.close();
    for (const listener of this.#exitListeners.splice(0)) listener(why);
  }
}

export class StubLauncher implements EngineLauncher {
  readonly engines: StubEngine[] = [];
  /** Engines from now on answer nothing. */
  startHanging = false;

  start(): StubEngine {
    const engine = new StubEngine(this.engines.length + 1);
    engine.isHanging = this.startHanging;
    this.engines.push(engine);
    return engine;
  }

  get latest(): StubEngine {
    const engine = this.engines.at(-1);
    if (!engine) throw new Error('no engine was started');
    return engine;
  }
}
