/** The options of the one window, stated in full: a default that changes with a release must not open the kiosk. */
import type { BrowserWindowConstructorOptions, Session } from 'electron';

export function windowOptions(preload: string, session: Session): BrowserWindowConstructorOptions {
  return {
    kiosk: true,
    fullscreen: true,
    frame: false,
    autoHideMenuBar: true,
    closable: false,
    minimizable: false,
    movable: false,
    skipTaskbar: true,
    title: 'kiosk',
    backgroundColor: '#ffffff',
    // shown when it has something to show
    show: false,
    webPreferences: {
      preload,
      session,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      plugins: false,
      devTools: false,
      navigateOnDragDrop: false,
      disableDialogs: true,
      safeDialogs: true,
      spellcheck: false,
      // a page in the background of a kiosk is a page nobody sees falling behind
      backgroundThrottling: false,
    },
  };
}
