/**
 * `window.kiosk`: a port, nothing more. Sandboxed, so one bundled file that may require 'electron' only. The event of the
 * channel stays here: it carries the sender, and with it every channel there is.
 */
import { contextBridge, ipcRenderer } from 'electron';
import type { KioskBridge } from '../contract/kiosk.rpc.ts';
import { guardPage } from '../shell/page-guard.ts';
import { ENGINE_GONE, TO_ENGINE, TO_PAGE } from './channels.ts';

const bridge: KioskBridge = {
  post: (message) => ipcRenderer.send(TO_ENGINE, message),
  onMessage: (listener) => void ipcRenderer.on(TO_PAGE, (_event, message: unknown) => listener(message)),
  onClose: (listener) => void ipcRenderer.on(ENGINE_GONE, () => listener()),
};

contextBridge.exposeInMainWorld('kiosk', bridge);
guardPage(window);
