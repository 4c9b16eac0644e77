/** A stub of the engine process: speaks KIOSK_RPC, has three pages, ends when asked or when its host is gone. */
import { KIOSK_RPC } from '../../contract/kiosk.rpc.ts';
import { ok } from '../../contract/outcome.schema.ts';
import { serve } from '../../contract/rpc.ts';
import { portToHost } from '../../engine/ports/utility-port.ts';
import { stubCameraView, stubView } from './stub-view.ts';

const port = portToHost(process);
if (!port) throw new Error('the stub engine is started by a host');

let page = 1;
let isStarted = false;
let isLooking = false;
const view = () => (isLooking ? stubCameraView(page) : stubView(page, isStarted, String(process.pid)));

const server = serve(port, KIOSK_RPC, {
  view: () => ok(view()),
  send: (intent) => {
    if (intent.page !== page) return ok({ taken: false });
    if (intent.kind !== 'start' && intent.kind !== 'next' && intent.kind !== 'back') return ok({ taken: false });
    isStarted = intent.kind === 'start';
    isLooking = intent.kind === 'next';
    page += 1;
    server.emit('view', view());
    return ok({ taken: true });
  },
});
port.onClose(() => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
