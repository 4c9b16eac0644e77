/**
 * The frame of every page. A: status line. B: one question or message. A picture stands on the stage under it. C: what
 * can be chosen or read. D: action row, back at the left, next at the right. E: help bar. A, B, D and E never move; the
 * stage takes the room C leaves, so that controls are always at the hands and the picture is as large as it goes.
 */
import { useRef, type ReactNode } from 'react';
import type { Saying } from '../kiosk.context.ts';
import { cx } from './cx.ts';
import styles from './frame.module.css';
import { HelpBar } from './help-bar.tsx';
import { SayButton } from './k-button.tsx';
import { StatusLine } from './status-line.tsx';
import { useFit } from './use-fit.ts';

/** What the red button says, or a plain next when the thing to do is not on the glass. */
export interface Action {
  readonly label: string | undefined;
  readonly say?: Saying;
  readonly tone?: 'primary' | 'plain';
  readonly unavailable?: boolean;
}

interface PageProps {
  readonly title: string;
  readonly subtitle?: string | undefined;
  readonly focal?: ReactNode;
  /** `ground`: the focal picture stands on the stage's lower edge; `air`: it hangs with space around it. */
  readonly focalStands?: 'ground' | 'air';
  readonly back?: Action;
  readonly next?: Action;
  /** The heading is framed: something must not be forgotten. */
  readonly urgent?: boolean;
  readonly children?: ReactNode;
}

export function Page(props: PageProps) {
  const { title, subtitle, focal, focalStands = 'air', back, next, urgent = false, children } = props;
  const pageRef = useRef<HTMLDivElement>(null);
  useFit(pageRef);
  return (
    <div className={styles.page} ref={pageRef} data-bare={children ? undefined : true}>
      <section className={styles.stage} data-zone="stage">
        <StatusLine />
        <header className={cx(styles.heading, urgent && styles.urgent)} data-zone="heading">
          <h1 tabIndex={-1}>{title}</h1>
          {subtitle && <p>{subtitle}</p>}
        </header>
        {focal && <div className={cx(styles.focal, styles[focalStands])}>{focal}</div>}
      </section>
      <main className={styles.desk} data-zone="desk">
        {children && <div className={styles.content}>{children}</div>}
        <ActionRow back={back} next={next} />
      </main>
      <HelpBar />
    </div>
  );
}

function ActionRow({ back, next }: { readonly back: Action | undefined; readonly next: Action | undefined }) {
  if (!back?.label && !next?.label) return null;
  return (
    <div className={styles.actions} data-zone="actions">
      {back?.label && (
        <SayButton look="outline" className={styles.back} say={back.say ?? { kind: 'back' }}>
          {back.label}
        </SayButton>
      )}
      {next?.label && <NextKey action={next} label={next.label} />}
    </div>
  );
}

function NextKey({ action, label }: { readonly action: Action; readonly label: string }) {
  const { say = { kind: 'next' }, tone = 'primary', unavailable = false } = action;
  return (
    <SayButton
      look={tone === 'plain' ? 'outline' : 'primary'}
      className={styles.next}
      say={say}
      unavailable={unavailable}
      primary={tone === 'primary'}
    >
      {label}
    </SayButton>
  );
}
