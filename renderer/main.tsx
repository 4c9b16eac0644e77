/** Composition root of the page. */
import './design/tokens.css';
import './design/base.css';
import { createRoot } from 'react-dom/client';
import { KIOSK_RPC } from '../contract/kiosk.rpc.ts';
import { connect } from '../contract/rpc.ts';
import { App } from './app.tsx';
import { openWire } from './bridge.ts';
import { systemClock } from './clock.system.ts';
import { guardPage } from './guard.ts';
import { listenToKeypad } from './keypad.ts';
import { PressGate } from './press-gate.ts';
import { viewStore } from './view-store.ts';

const RETRY_MS = 2_000;
/** Two touches closer than a finger is wide are the same spot. */
const SAME_SPOT_MM = 20;

const clock = systemClock();
const gate = new PressGate(clock, () => {
  const pixelsPerMm = Number(document.documentElement.style.getPropertyValue('--ppmm')) || 4;
  return SAME_SPOT_MM * pixelsPerMm;
});
guardPage(window, gate);
listenToKeypad(window);

const wire = openWire(window);
const store = viewStore(connect(wire.port, KIOSK_RPC, clock), {
  onLost: () => wire.reloadWhenBack(clock, RETRY_MS),
  onSessionEnd: () => window.location.reload(),
});
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(<App store={store} gate={gate} clock={clock} />);
