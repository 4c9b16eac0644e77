/** Named steps: done has a tick, now is bold with a full mark, next is an open ring. */
import type { ScreenOf } from '../../contract/view.schema.ts';
import styles from './steps.module.css';

export function Steps({ steps }: { readonly steps: ScreenOf<'working'>['steps'] }) {
  return (
    <ol className={styles.steps}>
      {steps.map((step) => (
        <li key={step.label} className={styles[step.state]} aria-current={step.state === 'now' ? 'step' : undefined}>
          <svg className={styles.mark} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <circle cx="16" cy="16" r="13" />
            {step.state === 'done' && <path d="M9 16.5l5 5 9-11" />}
          </svg>
          <span>{step.label}</span>
        </li>
      ))}
    </ol>
  );
}
