/**
 * What differs between card readers behind PC/SC, which hides nearly all of it. Each value says how sure it is: `assumed` is
 * nobody's manual, and a site that sees it otherwise changes the row's name in its profile, not the row.
 */
export interface ReaderModel {
  readonly name: string;
  /** Cannot read a card again before it was lifted and laid down: complaint C51 of needs.md. */
  readonly mustLiftAgain: { readonly value: boolean; readonly confidence: 'sheet' | 'assumed' };
}

const MODELS: Readonly<Record<string, ReaderModel>> = {
  pcsc: { name: 'pcsc', mustLiftAgain: { value: false, confidence: 'assumed' } },
  contact: { name: 'contact', mustLiftAgain: { value: false, confidence: 'assumed' } },
  contactless: { name: 'contactless', mustLiftAgain: { value: false, confidence: 'assumed' } },
  'contactless-lift-again': { name: 'contactless-lift-again', mustLiftAgain: { value: true, confidence: 'assumed' } },
  virtual: { name: 'virtual', mustLiftAgain: { value: false, confidence: 'sheet' } },
};

export function readerModel(name: string): ReaderModel | undefined {
  return Object.hasOwn(MODELS, name) ? MODELS[name] : undefined;
}
