/** HTML as a tagged template: everything put in is escaped, unless it is HTML that came out of here. */
export interface Html {
  readonly html: string;
}

type Part = string | number | Html | readonly Html[];

export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const text = strings.reduce((sum, piece, index) => sum + asHtml(parts[index - 1] ?? '') + piece);
  return { html: text };
}

/** For text that is ours and is HTML already, such as a style sheet. */
export function trusted(text: string): Html {
  return { html: text };
}

function asHtml(part: Part): string {
  if (typeof part === 'string' || typeof part === 'number') return escape(String(part));
  if ('html' in part) return part.html;
  return part.map((one) => one.html).join('');
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
