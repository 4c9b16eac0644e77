/** One turn of the event loop: whatever has arrived at the sockets meanwhile has been read. It is no time, and takes none. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
