/**
 * What the sheet leaves to vendor and acquirer, as data (device-protocols 5.1, uncertainty 14). Each value says how sure it
 * is: `sheet` stands in a worked frame, `assumed` is a default that the site's acquirer must confirm before it takes money.
 */
export type TerminalModelName = 'mis-tlv';

export interface Coded {
  readonly code: string;
  readonly confidence: 'sheet' | 'assumed';
}

export interface TerminalModel {
  readonly name: TerminalModelName;
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

const MODELS: Readonly<Record<TerminalModelName, TerminalModel>> = {
  'mis-tlv': {
    name: 'mis-tlv',
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
};

export function terminalModel(name: string): TerminalModel | undefined {
  return Object.hasOwn(MODELS, name) ? MODELS[name as TerminalModelName] : undefined;
}
