/** What every screen can reach: the frame, the page it answers, and the one way to say something. */
import { createContext, useContext } from 'react';
import type { Clock } from '../contract/clock.ts';
import type { Intent } from '../contract/intent.schema.ts';
import type { Frame } from '../contract/view.schema.ts';
import type { PressGate } from './press-gate.ts';

/** An Intent without its page; the context adds the page that was on the glass when it was made. */
export type Saying = Intent extends infer One ? (One extends { page: number } ? Omit<One, 'page'> : never) : never;

export interface Kiosk {
  readonly frame: Frame;
  readonly page: number;
  readonly gate: PressGate;
  readonly clock: Clock;
  /** False when the engine did not take it. */
  send(saying: Saying): Promise<boolean>;
}

export const KioskContext = createContext<Kiosk | null>(null);

export function useKiosk(): Kiosk {
  const kiosk = useContext(KioskContext);
  if (!kiosk) throw new Error('a screen was drawn outside the kiosk');
  return kiosk;
}
