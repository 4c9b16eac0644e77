/**
 * The only thing on any screen that can be pressed. A finger that drifts inside still counts, a palm elsewhere does not
 * block (both: react-aria with touch-action none), a finger that slides off is no press.
 */
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { useKiosk, type Saying } from '../kiosk.context.ts';
import { cx } from './cx.ts';
import styles from './k-button.module.css';

export type Look = 'primary' | 'outline' | 'tile' | 'key' | 'bar';

interface CommonProps {
  readonly look: Look;
  readonly className?: string | undefined;
  /** Digit of the tactile pad that presses it. */
  readonly badge?: number | string | undefined;
  /** Shown but dead. */
  readonly unavailable?: boolean;
  /** Enter presses it when nothing is in focus. */
  readonly primary?: boolean;
  readonly autoFocus?: boolean;
  readonly toggled?: boolean;
  readonly keyboardKey?: string;
  readonly children: ReactNode;
}

interface SayProps extends CommonProps {
  readonly say: Saying;
  /** May be said again on the same page: settings. Everything else is said once per page. */
  readonly repeatable?: boolean;
}

/** Says one thing to the engine. */
export function SayButton({ say, repeatable = false, ...rest }: SayProps) {
  const { gate, page, send } = useKiosk();
  function press(): void {
    if (!repeatable && !gate.spend(page)) return;
    void send(say).then((taken) => {
      if (!taken && !repeatable) gate.giveBack(page);
    });
  }
  return <KButton {...rest} onPress={press} />;
}

interface KButtonProps extends CommonProps {
  readonly onPress: () => void;
}

/** Does something on this page alone: a key of a pad. */
export function KButton({ look, className, unavailable = false, onPress, children, ...rest }: KButtonProps) {
  return (
    <Button
      className={cx(styles.button, styles[look], unavailable && styles.unavailable, className)}
      // aria-disabled by hand: a dead control must stay in reach of the voice, with its reason
      onPress={() => {
        if (!unavailable) onPress();
      }}
      {...(unavailable ? { 'aria-disabled': true } : {})}
      {...(rest.toggled === undefined ? {} : { 'aria-pressed': rest.toggled })}
      autoFocus={rest.autoFocus ?? false}
      data-badge={rest.badge}
      data-key={rest.keyboardKey}
      data-primary={rest.primary}
      data-look={look}
    >
      {typeof children === 'string' ? <span>{children}</span> : children}
    </Button>
  );
}
