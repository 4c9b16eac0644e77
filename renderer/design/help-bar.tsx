/** Zone E: the same six keys at the same place on every page. */
import type { HelpAction } from '../../contract/view.schema.ts';
import { useKiosk, type Saying } from '../kiosk.context.ts';
import styles from './help-bar.module.css';
import { SayButton } from './k-button.tsx';

const ICONS: Readonly<Record<HelpAction['id'], string>> = {
  size: 'M2 25L10 6l8 19M4.5 19h11M19 25l5.5-13L30 25M21 21h7',
  contrast: 'M16 4a12 12 0 1 0 0 24 12 12 0 1 0 0-24zM16 4v24M16 9h9M16 14h12M16 19h12M16 24h9',
  reach: 'M5 28h22M16 4v17M9 14.5l7 7 7-7',
  language: 'M16 4a12 12 0 1 0 0 24 12 12 0 1 0 0-24zM4 16h24M16 4c-8 8-8 16 0 24M16 4c8 8 8 16 0 24',
  help: 'M16 4a12 12 0 1 0 0 24 12 12 0 1 0 0-24zM12 13a4 4 0 1 1 6 3.5c-1.5.8-2 1.6-2 3M16 23v.1',
  end: 'M18 4H6v24h12M13 16h15M22 10l6 6-6 6',
};

export function HelpBar() {
  const { helpBar } = useKiosk().frame;
  return (
    <nav className={styles.bar} data-zone="help-bar">
      {helpBar.map((action) => (
        <HelpKey key={action.id} action={action} />
      ))}
    </nav>
  );
}

function HelpKey({ action }: { readonly action: HelpAction }) {
  const isSwitch = action.id === 'size' || action.id === 'contrast' || action.id === 'reach';
  return (
    <SayButton
      look="bar"
      className={styles.key}
      say={sayingOf(action.id)}
      repeatable={isSwitch}
      unavailable={!action.available}
      {...(isSwitch ? { toggled: action.pressed } : {})}
    >
      <svg className={styles.icon} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
        <path d={ICONS[action.id]} />
      </svg>
      <span>{action.label}</span>
    </SayButton>
  );
}

function sayingOf(id: HelpAction['id']): Saying {
  if (id === 'help' || id === 'end') return { kind: id };
  return { kind: 'set', setting: id };
}
