/** Both ends of a Node child process's channel as a `Port`. Messages travel as JSON, which is all the contracts hold. */
import type { ChildProcess } from 'node:child_process';
import type { Port } from '../../contract/rpc.ts';

/** The child's end. Closing it lets the child end by itself: nothing holds its event loop any more. */
export function portToParent(self: NodeJS.Process): Port {
  return {
    post(message) {
      // a parent that is gone is told by 'disconnect'; what could not be sent is of no use to anyone
      if (self.connected) self.send?.(message, undefined, undefined, () => undefined);
    },
    onMessage(listener) {
      self.on('message', listener);
    },
    onClose(listener) {
      self.once('disconnect', listener);
    },
    close() {
      if (self.connected) self.disconnect();
    },
  };
}

/** The parent's end, of a child started with an `ipc` channel. */
export function portToChild(child: ChildProcess): Port {
  return {
    post(message) {
      if (child.connected) child.send(message as object, undefined, undefined, () => undefined);
    },
    onMessage(listener) {
      child.on('message', listener);
    },
    onClose(listener) {
      let isTold = false;
      const tellOnce = (): void => {
        if (!isTold) listener();
        isTold = true;
      };
      child.once('disconnect', tellOnce);
      child.once('exit', tellOnce); // a child that never started has no channel to lose
      child.once('error', tellOnce);
    },
    close() {
      if (child.connected) child.disconnect();
    },
  };
}
