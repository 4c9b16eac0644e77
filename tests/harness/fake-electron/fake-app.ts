/** `app`: life cycle, command line, lock. */
import { EventEmitter } from 'node:events';
import { strict } from './strict.ts';

export interface AppOptions {
  readonly switches: Readonly<Record<string, string>>;
  readonly isPackaged: boolean;
  readonly hasLock: boolean;
  readonly userData: string;
}

export class FakeApp extends EventEmitter {
  readonly isPackaged: boolean;
  readonly commandLine;
  isSandboxEnabled = false;
  exitCode: number | undefined;
  readonly #options: AppOptions;
  readonly #onExit: () => Promise<void>;

  constructor(options: AppOptions, onExit: () => Promise<void>) {
    super();
    this.#options = options;
    this.#onExit = onExit;
    this.isPackaged = options.isPackaged;
    this.commandLine = strict('app.commandLine', {
      hasSwitch: (name: string) => Object.hasOwn(options.switches, name),
      getSwitchValue: (name: string) => options.switches[name] ?? '',
    });
  }

  whenReady(): Promise<void> {
    return this.exitCode === undefined ? Promise.resolve() : new Promise(() => undefined);
  }

  enableSandbox(): void {
    this.isSandboxEnabled = true;
  }

  requestSingleInstanceLock(): boolean {
    return this.#options.hasLock;
  }

  getPath(name: string): string {
    if (name !== 'userData') throw new Error(`fake-electron: app.getPath('${name}') is not modelled`);
    return this.#options.userData;
  }

  quit(): void {
    let isPrevented = false;
    this.emit('before-quit', { preventDefault: () => (isPrevented = true) });
    if (!isPrevented) this.exit(0);
  }

  exit(code: number): void {
    if (this.exitCode !== undefined) return;
    this.exitCode = code;
    void this.#onExit().then(() => this.emit('fake-exited'));
  }
}
