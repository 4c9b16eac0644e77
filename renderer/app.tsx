/** The screen is a function of the View (law 1): whatever arrives is drawn, nothing is remembered. */
import { useLayoutEffect, useMemo, useSyncExternalStore } from 'react';
import type { Clock } from '../contract/clock.ts';
import type { View } from '../contract/view.schema.ts';
import { applyDisplay } from './design/display-settings.ts';
import { KioskContext, type Kiosk, type Saying } from './kiosk.context.ts';
import type { PressGate } from './press-gate.ts';
import { ScreenOf } from './screens/screen-of.tsx';
import { OneMoment } from './screens/one-moment.tsx';
import type { ViewStore } from './view-store.ts';

interface AppProps {
  readonly store: ViewStore;
  readonly gate: PressGate;
  readonly clock: Clock;
}

export function App({ store, gate, clock }: AppProps) {
  const view = useSyncExternalStore(store.subscribe, store.current);
  if (!view) return <OneMoment />;
  return <Shown view={view} store={store} gate={gate} clock={clock} />;
}

function Shown({ view, store, gate, clock }: AppProps & { readonly view: View }) {
  useLayoutEffect(() => applyDisplay(document.documentElement, view.frame), [view.frame]);
  useLayoutEffect(() => gate.pageChanged(view.page), [gate, view.page]);
  const kiosk = useMemo<Kiosk>(
    () => ({
      frame: view.frame,
      page: view.page,
      gate,
      clock,
      send: (saying: Saying) => store.send({ ...saying, page: view.page }),
    }),
    [view, gate, store, clock],
  );
  return (
    <KioskContext.Provider value={kiosk}>
      <ScreenOf key={`${view.page}-${view.screen.kind}`} screen={view.screen} />
    </KioskContext.Provider>
  );
}
