/** Events, answers and step shapes that all machines of the flow share. */
import type { AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import type { CardKind } from '../../contract/card-profile.schema.ts';
import type { DeviceClass } from '../../contract/driver.ts';
import type { Intent } from '../../contract/intent.schema.ts';
import type { ParkingQuote } from '../../contract/platform-api.schema.ts';
import type { ServiceDefinition, StepDefinition, StepKind } from '../../contract/service.schema.ts';
import type { Screen } from '../../contract/view.schema.ts';
import type { ReceiptTemplate } from '../../kiosk-config/receipt-template.schema.ts';
import type { Speech } from './texts.ts';
import type { FlowPorts, QueueFact } from './ports.ts';
import type { StationFacts } from './station-facts.types.ts';

type WithoutPage<I> = I extends { kind: infer Kind } ? { readonly type: Kind } & Omit<I, 'kind' | 'page'> : never;
/** An Intent once its page has been checked, as a machine event. */
export type IntentEvent = WithoutPage<Intent>;
/** What the devices did by themselves. */
export type MediaEvent = {
  readonly type:
    | 'card.present'
    | 'card.removed'
    | 'id-card.present'
    | 'id-card.removed'
    | 'finger.present'
    | 'finger.removed'
    | 'paper.taken';
};
/** A touch on what lies over the page: the help page, the language question, "are you still there". */
export type CoverEvent =
  { readonly type: 'cover.stay' | 'cover.back' } | { readonly type: 'cover.choose'; readonly option: string };
export type FlowEvent = IntentEvent | MediaEvent | CoverEvent;

/** Who stands here, as far as the card told. Personal: lives in the session actor only and dies with it. */
export interface Holder {
  readonly cardKind: CardKind | 'id-card';
  readonly cardNumber: string;
  readonly holderName?: string;
  /** `YYYY-MM-DD`, when the card says it: a child is never asked to look into the camera alone. */
  readonly birthDate?: string;
}

export type DueQuote = Extract<ParkingQuote, { state: 'due' }>;

/** What a step leaves behind under its id. */
export type Answer =
  | { readonly kind: 'chosen'; readonly option: string }
  | { readonly kind: 'plate'; readonly plate: string }
  | { readonly kind: 'quote'; readonly plate: string; readonly quote: DueQuote }
  | { readonly kind: 'paid'; readonly txn: string; readonly quote: DueQuote; readonly cardMasked?: string }
  | {
      readonly kind: 'ticket';
      readonly txn: string;
      readonly queue: string;
      readonly number?: string;
      readonly offline: boolean;
    }
  | { readonly kind: 'holder'; readonly holder: Holder }
  /** The card's owner stands here, by this proof. */
  | { readonly kind: 'verified'; readonly by: 'finger' | 'face' | 'code' }
  | { readonly kind: 'none' };
export type Answers = Readonly<Record<string, Answer>>;

export interface StepInput<Kind extends StepKind = StepKind> {
  readonly definition: Extract<StepDefinition, { kind: Kind }>;
  readonly service: ServiceDefinition;
  readonly answers: Answers;
  /** Known since the session began; a card read within the service stands in the answers. */
  readonly holder?: Holder;
  /** One resident, one number: what the platform counts attempts by. Says nothing of who it is. */
  readonly session: string;
  readonly ports: FlowPorts;
  readonly templates: Readonly<Record<string, ReceiptTemplate>>;
  readonly speech: Speech;
  readonly platePrefix: string;
  readonly stationName: string;
  /** Whom to call, also with the line cut. */
  readonly helperPhone: string;
}

/** `ended`: over without what the resident came for; nothing to rate, no way back to the tiles. */
export type LeaveReason = 'done' | 'cancelled' | 'ended';

/** How a step ended: forward with an answer, back to a page before, or out of the service. */
export type StepOutput =
  | { readonly went: 'on'; readonly answer: Answer }
  | { readonly went: 'back' }
  | { readonly went: 'to'; readonly step: string }
  | {
      readonly went: 'leave';
      readonly because: LeaveReason;
      /** Of a case that was opened: it stays on the pages that follow. */
      readonly claimCode?: string | undefined;
    };

/** What the view functions may look at besides the snapshot. All of it is plain, current fact. */
export interface Scene {
  readonly speech: Speech;
  readonly ports: Pick<FlowPorts, 'online' | 'devices' | 'money'>;
  readonly station: StationFacts;
  queueFact(queue: string): QueueFact | undefined;
}

/** A screen and the name of the page it is: the page number grows when the name changes. */
export interface Page {
  readonly name: string;
  readonly screen: Screen;
  /** Said aloud in place of title and subtitle. */
  readonly speech?: string;
}

export interface StepModule {
  readonly kind: StepKind;
  readonly machine: AnyStateMachine;
  /** Undefined while the step has nothing to show (it is about to end by itself). */
  readonly view: (snapshot: AnyMachineSnapshot, scene: Scene) => Page | undefined;
  /** Device classes without which the step cannot be walked. */
  readonly needs: readonly DeviceClass[];
}

/** Tag of a state that must not be left by a touch or a time-out: money, paper or a card write is under way. */
export const COMMITTED = 'committed';
/** Tag of a state that works and needs no touch; the quiet time-out waits. */
export const WORKING = 'working';
