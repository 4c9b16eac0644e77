/** What the office announces: one line beside the page's own business, still, and nothing to press. */
import styles from './announcement.module.css';

export function Announcement({ words }: { readonly words: string | undefined }) {
  if (words === undefined) return null;
  return (
    <p className={styles.announcement} role="note">
      {words}
    </p>
  );
}
