/**
 * What the sheet leaves to vendor and acquirer, as data (device-protocols 5.1, uncertainty 14). Each value says how sure it
 * is: `sheet` stands in a worked frame, `assumed` is a default that the site's acquirer must confirm before it takes money.
 */
export type TerminalModelName = 'mis-tlv' | 'mis-dll';

export interface Coded {
  readonly code: string;
  readonly confidence: 'sheet' | 'assumed';
}

/** What every model has, whatever its protocol. */
export interface TerminalTiming {
  /**
   * Milliseconds within which a terminal that has got a sale comes to its end with it. Until then "the last result is another
   * one" says nothing about ours: it may still be running, and a late approval would be money taken for nothing.
   */
  readonly outcomeMs: { readonly value: number; readonly confidence: 'sheet' | 'assumed' };
}

/** A terminal on the TLV frames of 5.1. */
export interface TerminalModel extends TerminalTiming {
  readonly name: 'mis-tlv';
  /** DF02, two digits each. */
  readonly trades: { readonly sale: Coded; readonly void: Coded; readonly lastResult: Coded };
  /** DF07 of success. */
  readonly approvedCode: string;
  /** DF07 of a void that finds the sale given back already: as good as done. Vendor private. */
  readonly alreadyVoidedCodes: readonly string[];
  /** DF07 of a last-result request that could not be answered at all, which says nothing about the sale. Vendor private. */
  readonly cannotAnswerCodes: readonly string[];
  /** DF46 and DF47: which desk and operator the slip of the terminal names. */
  readonly desk: string;
  readonly operator: string;
}

/** A terminal behind the DLL strings of 5.2. */
export interface DllModel extends TerminalTiming {
  readonly name: 'mis-dll';
  /** Result of success. */
  readonly approvedCode: string;
  /** Results of a void that finds the sale given back already: as good as done. Vendor private. */
  readonly alreadyVoidedCodes: readonly string[];
  /** Eight characters each: which counter and operator the slip names. */
  readonly desk: string;
  readonly operator: string;
}

/** Section 5.3: one long wait of 60 to 180 s. */
const OUTCOME_MS = { value: 180_000, confidence: 'sheet' } as const;

const MODELS: { readonly 'mis-tlv': TerminalModel; readonly 'mis-dll': DllModel } = {
  'mis-tlv': {
    name: 'mis-tlv',
    outcomeMs: OUTCOME_MS,
    trades: {
      sale: { code: '01', confidence: 'sheet' },
      void: { code: '02', confidence: 'assumed' },
      lastResult: { code: '09', confidence: 'assumed' },
    },
    approvedCode: '00',
    alreadyVoidedCodes: [],
    cannotAnswerCodes: [],
    desk: 'KIOSK001',
    operator: '001',
  },
  'mis-dll': {
    name: 'mis-dll',
    outcomeMs: OUTCOME_MS,
    approvedCode: '00',
    alreadyVoidedCodes: [],
    desk: 'KIOSK001',
    operator: '001',
  },
};

export function terminalModel(name: 'mis-tlv'): TerminalModel;
export function terminalModel(name: 'mis-dll'): DllModel;
export function terminalModel(name: string): TerminalModel | DllModel | undefined;
export function terminalModel(name: string): TerminalModel | DllModel | undefined {
  return Object.hasOwn(MODELS, name) ? MODELS[name as TerminalModelName] : undefined;
}
