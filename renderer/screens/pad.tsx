/** R8: a licence plate on our own keys. What is typed lives here and nowhere else, and goes with the page. */
import { useState } from 'react';
import type { ScreenOf } from '../../contract/view.schema.ts';
import { Page } from '../design/frame.tsx';
import { KButton } from '../design/k-button.tsx';
import styles from './pad.module.css';

export function PadScreen({ screen }: { readonly screen: ScreenOf<'pad'> }) {
  const [typed, setTyped] = useState(screen.prefill);
  const letters = [...typed];
  const keys = letters.length === 0 && screen.firstKeys.length > 0 ? screen.firstKeys : screen.keys;
  const full = letters.length >= screen.maxLength;
  return (
    <Page
      title={screen.title}
      subtitle={screen.error ? undefined : screen.subtitle}
      focal={<Typed letters={letters} screen={screen} />}
      back={{ label: screen.back }}
      next={{
        label: screen.next,
        say: { kind: 'enter', value: typed },
        unavailable: letters.length < screen.minLength,
      }}
    >
      <div className={styles.pad} data-digits={keys.every((key) => /^\d$/.test(key)) || undefined}>
        {keys.map((key) => (
          <KButton
            key={key}
            look="key"
            badge={/^\d$/.test(key) ? key : undefined}
            unavailable={full}
            onPress={() => setTyped((before) => ([...before].length < screen.maxLength ? before + key : before))}
          >
            {key}
          </KButton>
        ))}
        <KButton
          look="outline"
          className={styles.clear}
          unavailable={letters.length === 0}
          onPress={() => setTyped('')}
        >
          {screen.clear}
        </KButton>
        <KButton
          look="outline"
          className={styles.erase}
          keyboardKey="Backspace"
          unavailable={letters.length === 0}
          onPress={() => setTyped((before) => [...before].slice(0, -1).join(''))}
        >
          {screen.erase}
        </KButton>
      </div>
    </Page>
  );
}

/** The plate as it hangs on the car, one box a sign; places that may stay empty are drawn broken. */
function Typed({ letters, screen }: { readonly letters: readonly string[]; readonly screen: ScreenOf<'pad'> }) {
  const places = Array.from({ length: screen.maxLength }, (_, place) => place);
  return (
    <div className={styles.display}>
      <output className={styles.plate}>
        {places.map((place) => (
          <span
            key={place}
            className={styles.place}
            data-now={place === letters.length || undefined}
            data-optional={place >= screen.minLength || undefined}
          >
            {letters[place] ?? ''}
          </span>
        ))}
      </output>
      {screen.error && (
        <p className={styles.error} role="alert">
          {screen.error}
        </p>
      )}
    </div>
  );
}
