/** A flow on the demonstration site's own configuration, over scripted ports, with a resident's hand for tests. */
import { join } from 'node:path';
import type { Intent } from '../../contract/intent.schema.ts';
import type { View } from '../../contract/view.schema.ts';
import { Flow } from '../../engine/flow/flow.ts';
import type { Settings } from '../../engine/flow/session.machine.ts';
import { createTexts } from '../../engine/flow/texts.ts';
import { loadKioskConfig, type KioskConfig } from '../../kiosk-config/load.ts';
import { readConfigFiles } from '../../kiosk-config/read-files.system.ts';
import { createScriptedPorts, type ScriptedPorts } from './scripted-ports.ts';

type Touch = Intent extends infer I ? (I extends { kind: string } ? Omit<I, 'page'> : never) : never;

export interface FlowBench {
  readonly flow: Flow;
  readonly ports: ScriptedPorts;
  readonly ended: { count: number };
  view(): View;
  /** Touches the page shown now; the machines have come to rest when it resolves. */
  touch(touch: Touch): Promise<boolean>;
  rest(): Promise<void>;
}

let demo: KioskConfig | undefined;

/** Read once: nothing changes it, and reading it takes longer than walking through it. */
export function demoConfig(): KioskConfig {
  demo ??= readDemo();
  return demo;
}

function readDemo(): KioskConfig {
  const loaded = loadKioskConfig(
    'demo-village',
    readConfigFiles(join(import.meta.dirname, '..', '..', 'kiosk-config')),
  );
  if (!loaded.ok) throw new Error(loaded.problem.detail);
  return loaded.value;
}

/** Lets every promise that is ready be heard; the simulated clock stands still meanwhile. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

export function createFlowBench(settings: Partial<Settings> = {}, config = demoConfig()): FlowBench {
  const ports = createScriptedPorts();
  const { site } = config;
  const texts = createTexts(config.locales);
  const ended = { count: 0 };
  const flow = new Flow({
    session: {
      ports,
      texts,
      services: config.services,
      templates: config.templates,
      defaults: { ...site.defaults, ...settings },
      patience: site.patience,
      cards: site.cards,
      platePrefix: site.station.platePrefix,
      stationName: site.station.name,
      helperPhone: site.station.helperPhone,
    },
    around: { texts, ports, station: site.station, display: site.display, services: config.services },
    onSessionEnd: () => void (ended.count += 1),
  });
  return {
    flow,
    ports,
    ended,
    view: () => flow.view(),
    rest: settle,
    async touch(touch) {
      const taken = flow.send({ ...touch, page: flow.view().page } as Intent);
      await settle();
      return taken;
    },
  };
}
