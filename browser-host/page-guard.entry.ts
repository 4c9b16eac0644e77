/** Bundled to `dist/browser-host/page-guard.js`, which the browser host puts before the renderer's own script. */
import { guardPage } from '../shell/page-guard.ts';

guardPage(window);
