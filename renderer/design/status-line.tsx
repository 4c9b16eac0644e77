/** Zone A: where this is, whether it reaches the platform, what time it is. Nothing to press. */
import { useKiosk } from '../kiosk.context.ts';
import styles from './status-line.module.css';

export function StatusLine() {
  const { station, network, clock } = useKiosk().frame;
  return (
    <div className={styles.status} data-zone="status">
      <span className={styles.station}>{station}</span>
      <span className={styles.network}>
        <NetworkMark online={network.state === 'online'} />
        {network.label}
      </span>
      <time>{clock}</time>
    </div>
  );
}

/** Shape as well as colour: a full mark is online, a crossed one is not. */
function NetworkMark({ online }: { readonly online: boolean }) {
  return (
    <svg className={styles.mark} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d="M3 10a13 13 0 0 1 18 0M7 14.5a7 7 0 0 1 10 0M12 19v.1" />
      {!online && <path d="M5 3l14 18" />}
    </svg>
  );
}
