/** The script that runs the built preload in the page as a sandboxed preload would run, before anything of the page. */

/** Name of the binding by which the fake `ipcRenderer` reaches the fake `ipcMain`. */
export const IPC_BINDING = 'fakeElectronSend';

/** `preload`: the text of the built `preload.cjs`. Runs in the main world: chromium alone has no isolated one to offer. */
export function preloadScript(preload: string, origin: string): string {
  return `(() => {
  if (location.origin !== ${JSON.stringify(origin)}) return;
  const send = globalThis.${IPC_BINDING};
  const listeners = new Map();
  const strict = (name, model) => new Proxy(model, {
    get(target, key) {
      if (!(key in target)) throw new Error('fake-electron: ' + name + '.' + String(key) + ' is not modelled');
      return target[key];
    },
  });
  // what crosses the context bridge is cloned; an event of the channel cannot be
  const cross = (value) => {
    if (typeof value === 'function') return (...args) => cross(value(...args.map(cross)));
    if (Array.isArray(value)) return Object.freeze(value.map(cross));
    if (value === null || typeof value !== 'object') return value;
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) throw new Error('An object could not be cloned.');
    return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, cross(entry)])));
  };
  class IpcEvent { constructor() { this.sender = ipcRenderer; } }
  const ipcRenderer = strict('ipcRenderer', {
    send(channel, ...args) { void send(channel, structuredClone(args)); },
    on(channel, listener) { listeners.set(channel, [...(listeners.get(channel) ?? []), listener]); },
  });
  const contextBridge = strict('contextBridge', {
    exposeInMainWorld(name, api) {
      Object.defineProperty(globalThis, name, { value: cross(api), enumerable: true });
    },
  });
  globalThis.fakeElectronDeliver = (channel, args) => {
    for (const listener of listeners.get(channel) ?? []) listener(new IpcEvent(), ...args);
  };
  const electron = strict('electron', { contextBridge, ipcRenderer });
  const require = (id) => {
    if (id !== 'electron') throw new Error('module not found: ' + id);
    return electron;
  };
  const module = { exports: {} };
  ((require, module, exports) => {
${preload}
  })(require, module, module.exports);
})();`;
}
