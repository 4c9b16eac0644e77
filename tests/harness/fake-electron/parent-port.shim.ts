/** Loaded before the engine in the child: gives a Node child process Electron's `process.parentPort`. */
const parentPort = {
  postMessage(message: unknown): void {
    process.send?.(message);
  },
  on(_event: 'message', listener: (event: { readonly data: unknown }) => void): void {
    process.on('message', (data) => listener({ data }));
  },
};

Object.defineProperty(process, 'parentPort', { value: parentPort });
// Electron ends its utility processes with itself
process.once('disconnect', () => process.exit(0));
