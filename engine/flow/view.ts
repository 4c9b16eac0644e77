/** Law 1: the screen is a function. Session snapshot and current facts in, View out; nothing is kept here. */
import { HELP_ACTIONS, type Frame, type HelpAction, type View } from '../../contract/view.schema.ts';
import { activeStep, isCommitted } from './active-step.ts';
import { coverPage } from './cover-pages.ts';
import type { Page, Scene } from './flow.types.ts';
import { plainPage } from './session-pages.ts';
import { STEPS } from './steps/step-registry.ts';
import type { SessionSnapshot, Surroundings } from './surroundings.ts';
import type { Speech } from './texts.ts';

export function pageOf(snapshot: SessionSnapshot, around: Surroundings): Page {
  const speech = around.texts.speech(snapshot.context.settings.locale);
  const scene: Scene = {
    speech,
    ports: around.ports,
    station: around.station,
    queueFact: (queue) => around.ports.queueFact(queue),
  };
  return (
    coverPage(snapshot, scene, around.station) ?? walkedPage(snapshot, scene) ?? plainPage(snapshot, scene, around)
  );
}

function walkedPage(snapshot: SessionSnapshot, scene: Scene): Page | undefined {
  const step = activeStep(snapshot.context.walk);
  if (!step) return undefined;
  const page = STEPS[step.definition.kind].view(step.snapshot, scene);
  return page && { ...page, name: `${step.definition.id}.${page.name}` };
}

export function viewOf(snapshot: SessionSnapshot, around: Surroundings, page: number, shown: Page): View {
  const { screen, speech } = shown;
  return { page, frame: frameOf(snapshot, around), screen, ...(speech === undefined ? {} : { speech }) };
}

function frameOf(snapshot: SessionSnapshot, around: Surroundings): Frame {
  const { settings, walk } = snapshot.context;
  const speech = around.texts.speech(settings.locale);
  const online = around.ports.online();
  return {
    station: around.station.name[settings.locale],
    clock: around.ports.localTime().time,
    network: { state: online ? 'online' : 'offline', label: speech.say(online ? 'network.online' : 'network.offline') },
    ...settings,
    display: around.display,
    helpBar: HELP_ACTIONS.map((id) => helpAction(id, snapshot, speech, isCommitted(walk))),
  };
}

function helpAction(id: HelpAction['id'], snapshot: SessionSnapshot, speech: Speech, committed: boolean): HelpAction {
  const { settings } = snapshot.context;
  const pressed = {
    size: settings.size === 'S3',
    contrast: settings.contrast === 'dark',
    reach: settings.reach === 'low',
    language: false,
    help: snapshot.matches({ cover: 'help' }),
    end: false,
  }[id];
  const available = id === 'end' ? !committed && !snapshot.matches({ page: 'attract' }) : true;
  return { id, label: speech.say(`help-bar.${id}`), pressed, available };
}
