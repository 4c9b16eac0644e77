/**
 * Both ends of an Electron utility process's channel as a `Port`. Written against the shapes, not against 'electron':
 * the engine must load in plain Node, where importing that name starts a download.
 */
import type { Port } from '../../contract/rpc.ts';
import { portToParent } from './child-port.ts';
import type { UtilityMessagePort } from './message-port.ts';

/** `process.parentPort` inside the utility process. There is no close event: the process dies with its parent. */
export interface UtilityParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: ParentMessage) => void): unknown;
}

export interface ParentMessage {
  readonly data: unknown;
  /** What was handed over beside the message. */
  readonly ports?: readonly UtilityMessagePort[];
}

/** `utilityProcess.fork(...)` in Electron's main process. */
export interface UtilityChild {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  once(event: 'exit', listener: (code: number) => void): unknown;
  kill(): boolean;
}

export function portToElectron(parentPort: UtilityParentPort): Port {
  return {
    post: (message) => parentPort.postMessage(message),
    onMessage: (listener) => void parentPort.on('message', (event) => listener(event.data)),
    onClose: () => undefined,
    close: () => undefined,
  };
}

export function portToUtility(child: UtilityChild): Port {
  let isGone = false;
  child.once('exit', () => {
    isGone = true;
  });
  return {
    post(message) {
      if (!isGone) child.postMessage(message);
    },
    onMessage: (listener) => void child.on('message', listener),
    onClose: (listener) => void child.once('exit', () => listener()),
    close: () => void child.kill(),
  };
}

/** Undefined in plain Node. */
export function parentPortOf(self: NodeJS.Process): UtilityParentPort | undefined {
  return (self as NodeJS.Process & { readonly parentPort?: UtilityParentPort }).parentPort;
}

/** The engine process's way to whichever host started it; undefined when nobody did (`node engine/main.ts` by hand). */
export function portToHost(self: NodeJS.Process): Port | undefined {
  const parentPort = parentPortOf(self);
  if (parentPort) return portToElectron(parentPort);
  return self.send ? portToParent(self) : undefined;
}
