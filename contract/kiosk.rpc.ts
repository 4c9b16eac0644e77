/** What a screen and a host may say to the engine: see the View, send an Intent. Nothing else crosses. */
import Type from 'typebox';
import { Intent } from './intent.schema.ts';
import { Nothing } from './rpc.ts';
import { View } from './view.schema.ts';

export const KIOSK_RPC = {
  methods: {
    view: { input: Nothing, output: View },
    /** `taken: false` when the page it was made on is gone; that is no fault. */
    send: { input: Intent, output: Type.Object({ taken: Type.Boolean() }, { additionalProperties: false }) },
  },
  events: { view: View },
} as const;

/** What the preload puts on `window.kiosk`, and what the browser host's page builds for itself: a port, nothing more. */
export interface KioskBridge {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
}
