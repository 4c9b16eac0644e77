/** The one number of a page, as large as its digits allow. */
import styles from './big-amount.module.css';
import { cx } from './cx.ts';
import { useCssVariables } from './use-css-variables.ts';

export function BigAmount({ amount, modest = false }: { readonly amount: string; readonly modest?: boolean }) {
  const ref = useCssVariables<HTMLParagraphElement>({ '--signs': String(amount.length) });
  return (
    <p className={cx(styles.amount, modest && styles.modest)} ref={ref}>
      <small>¥</small>
      {amount}
    </p>
  );
}
