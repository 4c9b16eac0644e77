/**
 * One resident, from first touch to goodbye. It holds all that is known of them and dies with them: the engine starts
 * a new actor for the next person, so nothing can be left over.
 */
import { assign, raise, sendTo, setup, stateIn, stopChild, type ActorRefFrom, type DoneActorEvent } from 'xstate';
import type { MediaState } from '../../contract/driver.ts';
import type { ServiceDefinition } from '../../contract/service.schema.ts';
import type { Contrast, Locale, Reach, TextSize } from '../../contract/view.schema.ts';
import type { ReceiptTemplate } from '../../kiosk-config/receipt-template.schema.ts';
import { unavailableReason } from './availability.ts';
import { isCommitted, isWorking } from './active-step.ts';
import type { FlowEvent, Holder } from './flow.types.ts';
import type { FlowPorts } from './ports.ts';
import { serviceMachine, type ServiceInput, type ServiceOutput } from './service.machine.ts';
import type { Texts } from './texts.ts';

export interface Settings {
  readonly locale: Locale;
  readonly size: TextSize;
  readonly contrast: Contrast;
  readonly reach: Reach;
}

/** Quiet times (ms); doubled in large print, because who needs large print also needs time. */
export interface Patience {
  readonly quietMs: number;
  readonly warningSeconds: number;
  readonly takeCardMs: number;
  readonly goodbyeSeconds: number;
}

export interface SessionInput {
  readonly ports: FlowPorts;
  readonly texts: Texts;
  readonly services: readonly ServiceDefinition[];
  readonly templates: Readonly<Record<string, ReceiptTemplate>>;
  readonly defaults: Settings;
  readonly patience: Patience;
  readonly cards: readonly string[];
  readonly platePrefix: string;
  readonly stationName: Readonly<Record<Locale, string>>;
  readonly helperPhone: string;
}

export interface SessionContext extends SessionInput {
  readonly settings: Settings;
  readonly holder?: Holder | undefined;
  /** The service chosen or being walked. */
  readonly service?: ServiceDefinition | undefined;
  /** True once a service came to its end: only then is there something to rate and a farewell with a number. */
  readonly served: boolean;
  /** Of a case that was opened for this resident: on every page from then on. */
  readonly claimCode?: string | undefined;
  readonly secondsLeft: number;
  /** Made anew for each resident; the platform counts attempts by it. */
  readonly session: string;
  /** The walked service (or the identification); its snapshot says what to show. */
  readonly walk: ActorRefFrom<typeof serviceMachine> | undefined;
}

/** What the key that leads to the board says. */
export const BOARD_OPTION = 'board';
const WALK = 'walk';
const WALK_DONE = `xstate.done.actor.${WALK}` as const;

const SIGNS_OF_LIFE = [
  'start',
  'choose',
  'enter',
  'back',
  'next',
  'retry',
  'face',
  'card.present',
  'card.removed',
  'id-card.present',
  'id-card.removed',
  'finger.present',
  'finger.removed',
  'paper.taken',
] as const;

/** What a walked service gets to hear; everything else on its pages is the session's. */
const TO_WALK = Object.fromEntries(SIGNS_OF_LIFE.map((type) => [type, { actions: 'toWalk' }] as const));

/** Each sign of life begins the quiet time anew. */
const ANY_TOUCH = Object.fromEntries(SIGNS_OF_LIFE.map((type) => [type, { target: 'none', reenter: true }] as const));

const LOCALES: readonly Locale[] = ['zh-Hans', 'zh-Hant', 'en'];
const EXTENSION_TICK_MS = 1_000;

function walk(context: SessionContext, service: ServiceDefinition): ServiceInput {
  const speech = context.texts.speech(context.settings.locale);
  return {
    service,
    ports: context.ports,
    templates: context.templates,
    speech,
    session: context.session,
    platePrefix: context.platePrefix,
    stationName: context.stationName[context.settings.locale],
    helperPhone: context.helperPhone,
    ...(context.holder === undefined ? {} : { holder: context.holder }),
  };
}

/** Identification is a service of one step, so that it is walked, shown and ended like any other. */
function identification(cards: readonly string[]): ServiceDefinition {
  return {
    id: 'identification',
    item: 'S13',
    picture: 'livelihood-card',
    quick: false,
    offline: true,
    needs: [],
    steps: [{ id: 'card', kind: 'identify', accepts: [...cards] }],
  };
}

export const sessionMachine = setup({
  types: {} as { context: SessionContext; input: SessionInput; events: FlowEvent },
  actors: { service: serviceMachine },
  actions: {
    setLocale: assign({
      settings: ({ context, event }) =>
        event.type === 'choose' || event.type === 'cover.choose'
          ? { ...context.settings, locale: event.option as Locale }
          : context.settings,
    }),
    turnSetting: assign({ settings: ({ context, event }) => turned(context.settings, event) }),
    setService: assign({
      service: ({ context, event }) =>
        event.type === 'choose' ? context.services.find((service) => service.id === event.option) : undefined,
    }),
    toWalk: sendTo(
      () => WALK,
      ({ event }) => event as FlowEvent,
    ),
    identify: assign({
      walk: ({ context, spawn }) => spawn('service', { id: WALK, input: walk(context, identification(context.cards)) }),
    }),
    serve: assign({
      walk: ({ context, spawn }) => {
        if (!context.service) throw new Error('guarded: a service was chosen');
        return spawn('service', { id: WALK, input: walk(context, context.service) });
      },
    }),
    /** Stopping the walk aborts what its step was asking for; its answers go with it. */
    leaveWalk: stopChild(WALK),
    dropWalk: assign({ walk: undefined }),
    takeHolder: assign({ holder: ({ event }) => holderOf(outputOf(event)) }),
    noteServed: assign({ served: true }),
    noteClaim: assign({ claimCode: ({ context, event }) => outputOf(event).claimCode ?? context.claimCode }),
    rate: ({ context, event }) => {
      if (event.type === 'choose') context.ports.rate(context.service?.id ?? 'unknown', Number(event.option.slice(-1)));
    },
    /** The card that started the identification is also the one it reads. */
    hearCardAgain: raise({ type: 'card.present' }),
    /** The silence ends the session as the key would. */
    endByItself: raise({ type: 'end' }),
    startWarning: assign({
      secondsLeft: ({ context }) => context.patience.warningSeconds * generosity(context.settings),
    }),
    countDown: assign({ secondsLeft: ({ context }) => context.secondsLeft - 1 }),
    forget: assign({ holder: undefined, service: undefined }),
  },
  guards: {
    isLocale: ({ event }) =>
      (event.type === 'choose' || event.type === 'cover.choose') && LOCALES.includes(event.option as Locale),
    isBoard: ({ event }) => event.type === 'choose' && event.option === BOARD_OPTION,
    isQuickService: ({ context, event }) => openService(context, event)?.quick === true,
    isService: ({ context, event }) => openService(context, event) !== undefined,
    isRating: ({ event }) => event.type === 'choose' && /^stars-[1-5]$/.test(event.option),
    isLanguageSetting: ({ event }) => event.type === 'set' && event.setting === 'language',
    noCardLies: ({ context }) => !cardLies(context.ports),
    isServed: ({ context }) => context.served,
    isWalkDone: ({ event }) => outputOf(event).because === 'done',
    isWalkEnded: ({ event }) => outputOf(event).because === 'ended',
    hasNoHome: ({ context }) => context.service?.quick === true && !context.holder,
    mayEnd: ({ context }) => !isCommitted(context.walk),
    mayStayQuiet: ({ context }) => isWorking(context.walk),
    isAttracting: stateIn({ page: 'attract' }),
    isWarningOver: ({ context }) => context.secondsLeft <= 1,
  },
  delays: {
    quiet: ({ context }) => context.patience.quietMs * generosity(context.settings),
    tick: EXTENSION_TICK_MS,
    takeCard: ({ context }) => context.patience.takeCardMs,
    goodbye: ({ context }) => context.patience.goodbyeSeconds * 1_000,
  },
}).createMachine({
  id: 'session',
  context: ({ input }) => ({
    ...input,
    session: input.ports.newSession(),
    settings: input.defaults,
    served: false,
    secondsLeft: 0,
    walk: undefined,
  }),
  type: 'parallel',
  states: {
    page: {
      initial: 'attract',
      states: {
        attract: {
          on: {
            start: 'language',
            choose: [
              { guard: 'isBoard', target: 'boardFromRest' },
              { guard: 'isLocale', actions: 'setLocale', target: 'identifying' },
              { guard: 'isQuickService', actions: 'setService', target: 'serving' },
            ],
            'card.present': { actions: 'hearCardAgain', target: 'identifying' },
          },
        },
        language: {
          on: {
            choose: { guard: 'isLocale', actions: 'setLocale', target: 'identifying' },
            back: 'ended',
            end: 'ended',
            'card.present': { actions: 'hearCardAgain', target: 'identifying' },
          },
        },
        identifying: {
          entry: 'identify',
          exit: ['leaveWalk', 'dropWalk'],
          on: {
            ...TO_WALK,
            [WALK_DONE]: [{ guard: 'isWalkDone', actions: 'takeHolder', target: 'home' }, { target: 'returningCard' }],
            end: 'returningCard',
          },
        },
        home: {
          on: {
            choose: [
              { guard: 'isBoard', target: 'boardFromHome' },
              { guard: 'isService', actions: 'setService', target: 'serving' },
            ],
            end: 'returningCard',
          },
        },
        /** The honest board; nobody needs to be known to read it. */
        boardFromRest: {
          on: { back: 'ended', end: 'ended', 'card.present': { actions: 'hearCardAgain', target: 'identifying' } },
        },
        boardFromHome: { on: { back: 'home', end: 'returningCard' } },
        serving: {
          entry: 'serve',
          exit: ['leaveWalk', 'dropWalk'],
          on: {
            ...TO_WALK,
            [WALK_DONE]: [
              { guard: 'isWalkDone', actions: 'noteServed', target: 'returningCard' },
              { guard: 'isWalkEnded', actions: 'noteClaim', target: 'returningCard' },
              // A quick service left early has no home behind it that anyone has seen.
              { guard: 'hasNoHome', target: 'ended' },
              { target: 'home' },
            ],
            end: { guard: 'mayEnd', target: 'returningCard' },
          },
        },
        returningCard: {
          initial: 'asking',
          always: { guard: 'noCardLies', target: 'parting' },
          on: {
            'card.removed': { guard: 'noCardLies', target: 'parting' },
            'id-card.removed': { guard: 'noCardLies', target: 'parting' },
          },
          states: {
            asking: { after: { takeCard: 'urging' } },
            urging: { after: { takeCard: { target: '#session.page.parting' } } },
          },
        },
        parting: { always: [{ guard: 'isServed', target: 'rating' }, { target: 'goodbye' }] },
        rating: {
          on: {
            choose: {
              guard: 'isRating',
              actions: 'rate',
              target: 'goodbye',
            },
            next: 'goodbye',
            end: 'goodbye',
          },
        },
        goodbye: { entry: 'forget', after: { goodbye: 'ended' }, on: { next: 'ended', end: 'ended' } },
        /** The engine sees this tag, stops the actor and starts the next one. */
        ended: { tags: 'ended', entry: 'forget' },
      },
    },
    /** What lies over the page without disturbing it; touches on it arrive as `cover.*`. */
    cover: {
      initial: 'none',
      on: {
        set: [
          { guard: 'isLanguageSetting', target: '.language' },
          { actions: 'turnSetting', target: '.none' },
        ],
        help: '.help',
        end: '.none',
      },
      states: {
        none: {
          after: {
            quiet: [
              { guard: 'isAttracting', target: 'none', reenter: true },
              { guard: 'mayStayQuiet', target: 'none', reenter: true },
              { target: 'stillThere' },
            ],
          },
          on: ANY_TOUCH,
        },
        stillThere: {
          entry: 'startWarning',
          on: { 'cover.stay': 'none', 'card.present': 'none', 'id-card.present': 'none', 'finger.present': 'none' },
          initial: 'counting',
          states: {
            counting: {
              after: {
                tick: [
                  { guard: 'isWarningOver', actions: 'endByItself' },
                  { actions: 'countDown', target: 'counting', reenter: true },
                ],
              },
            },
          },
        },
        help: { on: { 'cover.back': 'none' }, after: { quiet: 'stillThere' } },
        language: {
          on: { 'cover.choose': { guard: 'isLocale', actions: 'setLocale', target: 'none' }, 'cover.back': 'none' },
          after: { quiet: 'stillThere' },
        },
      },
    },
  },
});

function outputOf(event: unknown): ServiceOutput {
  return (event as DoneActorEvent<ServiceOutput>).output;
}

/** The service that was chosen, when it can be started now; a closed tile answers no touch. */
function openService(context: SessionContext, event: FlowEvent): ServiceDefinition | undefined {
  if (event.type !== 'choose') return undefined;
  const service = context.services.find(({ id }) => id === event.option);
  const speech = context.texts.speech(context.settings.locale);
  return service && unavailableReason(service, context.ports, speech) === undefined ? service : undefined;
}

function holderOf(output: ServiceOutput): Holder | undefined {
  const answer = output.answers['card'];
  return answer?.kind === 'holder' ? answer.holder : undefined;
}

const LYING: readonly MediaState[] = ['present', 'latched', 'entering'];

/** On either reader: what was laid there must go home with its owner, also when it must be lifted before it is read again. */
function cardLies({ devices }: FlowPorts): boolean {
  return (['smart-card-reader', 'id-card-reader'] as const).some((reader) =>
    LYING.includes(devices.status(reader).media),
  );
}

function generosity(settings: Settings): number {
  return settings.size === 'S3' ? 2 : 1;
}

function turned(settings: Settings, event: FlowEvent): Settings {
  if (event.type !== 'set') return settings;
  switch (event.setting) {
    case 'size':
      return { ...settings, size: settings.size === 'S2' ? 'S3' : 'S2' };
    case 'contrast':
      return { ...settings, contrast: settings.contrast === 'light' ? 'dark' : 'light' };
    case 'reach':
      return { ...settings, reach: settings.reach === 'normal' ? 'low' : 'normal' };
    case 'language':
      return settings;
  }
}
