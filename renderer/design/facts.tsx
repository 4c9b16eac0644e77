/** Label and value, one line each. */
import type { ReactNode } from 'react';
import styles from './facts.module.css';

export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly control?: ReactNode;
}

export function Facts({ rows, children }: { readonly rows: readonly Fact[]; readonly children?: ReactNode }) {
  return (
    <dl className={styles.facts}>
      {rows.map((row) => (
        <div key={row.label} className={styles.row}>
          <dt>{row.label}</dt>
          <dd>
            <span>{row.value}</span>
            {row.control}
          </dd>
        </div>
      ))}
      {children}
    </dl>
  );
}
