/** The honest board: what works, what waits, what is down, and how old each of it is. */
import type { ScreenOf } from '../../contract/view.schema.ts';
import { Facts } from '../design/facts.tsx';
import { Page } from '../design/frame.tsx';
import { Mark } from '../design/mark.tsx';
import styles from './board.module.css';

type Board = ScreenOf<'board'>;
type Group = Board['groups'][number];

const MARKS = { works: 'yes', waits: 'open', stops: 'no' } as const;

export function BoardScreen({ screen }: { readonly screen: Board }) {
  return (
    <Page title={screen.title} subtitle={screen.subtitle} back={{ label: screen.back }}>
      <div className={styles.board}>
        {screen.groups.map((group) => (
          <StandingGroup key={group.state} group={group} />
        ))}
        <section className={styles.sources}>
          <h2>{screen.sources.label}</h2>
          <Facts rows={screen.sources.rows} />
        </section>
      </div>
    </Page>
  );
}

function StandingGroup({ group }: { readonly group: Group }) {
  return (
    <section className={styles.group}>
      <Mark state={MARKS[group.state]} />
      <div>
        <h2>{group.label}</h2>
        <ul>
          {group.items.map(({ label, detail }) => (
            <li key={label}>
              <span>{label}</span>
              {detail && <small>{detail}</small>}
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
