/** Zone C: the answers. Few are long rows, up to four on a home page large pictures, more are tiles in two columns. */
import type { Choice, Locale } from '../../contract/view.schema.ts';
import styles from './choices.module.css';
import { cx } from './cx.ts';
import { SayButton } from './k-button.tsx';
import { Picture } from './pictures/picture.tsx';

export type Arrangement = 'list' | 'cards' | 'tiles' | 'faces';

interface ChoicesProps {
  readonly choices: readonly Choice[];
  readonly as: Arrangement;
}

export function Choices({ choices, as }: ChoicesProps) {
  return (
    <ul className={cx(styles.choices, styles[as])} data-count={choices.length}>
      {choices.map((choice) => (
        <li key={choice.id}>
          <ChoiceButton choice={choice} as={as} />
        </li>
      ))}
    </ul>
  );
}

/** A language is named in its own script, with its own glyphs. */
const LANGUAGES = new Set<string>(['zh-Hans', 'zh-Hant', 'en'] satisfies Locale[]);

function ChoiceButton({ choice, as }: { readonly choice: Choice; readonly as: Arrangement }) {
  const words = choice.unavailable ?? choice.detail;
  return (
    <SayButton
      look="tile"
      className={cx(styles.choice, !choice.picture && styles.plain)}
      say={{ kind: 'choose', option: choice.id }}
      badge={choice.badge}
      unavailable={choice.unavailable !== undefined}
    >
      {choice.picture && (
        <span className={styles.picture}>
          <Picture name={choice.picture} />
        </span>
      )}
      <span className={styles.words} lang={LANGUAGES.has(choice.id) ? choice.id : undefined}>
        <span className={styles.label}>{choice.label}</span>
        {words && as !== 'faces' && <span className={styles.detail}>{words}</span>}
      </span>
      {choice.badge !== undefined && <span className={styles.badge}>{choice.badge}</span>}
    </SayButton>
  );
}
