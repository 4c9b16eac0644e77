/** Texts of the catalogue in the resident's language. A missing key throws: a test walks every key before release. */
import i18next, { type i18n } from 'i18next';
import type { Problem } from '../../contract/outcome.schema.ts';
import { PROBLEMS } from '../../contract/problem.catalogue.ts';
import type { Locale } from '../../contract/view.schema.ts';

export type TextTree = { readonly [key: string]: string | TextTree };
export type TextParams = Readonly<Record<string, string | number>>;

/** One language, chosen. */
export interface Speech {
  readonly locale: Locale;
  say(key: string, params?: TextParams): string;
  /** Undefined when the key is not there: for texts that are optional by design. */
  maybe(key: string, params?: TextParams): string | undefined;
  /** `9.60` for 960. */
  amount(cents: number): string;
}

export interface Texts {
  speech(locale: Locale): Speech;
}

export function createTexts(trees: Readonly<Record<Locale, TextTree>>): Texts {
  const engine: i18n = i18next.createInstance();
  void engine.init({
    resources: Object.fromEntries(Object.entries(trees).map(([locale, tree]) => [locale, { translation: tree }])),
    fallbackLng: false,
    initAsync: false,
    interpolation: { escapeValue: false },
    parseMissingKeyHandler: (key: string) => {
      throw new Error(`No text for ${key}`);
    },
  });
  return {
    speech(locale) {
      const say = engine.getFixedT(locale);
      return {
        locale,
        say: (key, params = {}) => say(key, { ...params }),
        maybe: (key, params = {}) => (engine.exists(key, { lng: locale }) ? say(key, { ...params }) : undefined),
        amount: formatCents,
      };
    },
  };
}

export function formatCents(cents: number): string {
  return `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}

/** The resident's sentences of a problem, and its number for the telephone. */
export function problemTexts(speech: Speech, problem: Problem): { title: string; whatToDo: string; number: string } {
  return {
    title: speech.say(`problem.${problem.code}.title`),
    whatToDo: speech.say(`problem.${problem.code}.whatToDo`),
    number: PROBLEMS[problem.code].number,
  };
}
