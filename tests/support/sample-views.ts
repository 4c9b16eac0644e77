/** One realistic View for every kind of screen and every state it can be in, in each language. */
import type { Contrast, Locale, Screen, TextSize, View } from '../../contract/view.schema.ts';
import { sampleFrame } from './sample-frame.ts';
import { closingScreens } from './sample-screens-closing.ts';
import { entryScreens } from './sample-screens-entry.ts';
import { serviceScreens } from './sample-screens-service.ts';
import { troubleScreens } from './sample-screens-trouble.ts';
import type { Words } from './sample-words.ts';

export interface NamedView {
  readonly name: string;
  readonly view: View;
}

/** Picks one language's words. */
export type Say = (words: Words) => string;
export interface NamedScreen {
  readonly name: string;
  readonly screen: Screen;
}

export function sampleViews(locale: Locale, size: TextSize, contrast: Contrast): NamedView[] {
  const say: Say = (words) => words[locale];
  const frame = sampleFrame(locale, size, contrast);
  const screens = [...entryScreens(say, size), ...serviceScreens(say), ...closingScreens(say), ...troubleScreens(say)];
  return screens.map(({ name, screen }, index) => ({ name, view: { page: index + 1, frame, screen } }));
}
