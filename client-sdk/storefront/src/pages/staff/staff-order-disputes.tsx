import type { StaffOrder } from '@orders-module/client';
import { Instant } from '../../parts/instant.tsx';
import { Panel } from './panel.tsx';

export function Disputes({ order: { disputes } }: { order: StaffOrder }) {
  if (disputes.length === 0) return null;
  return (
    <Panel id="disputes" title="Disputes">
      <ul className="entries">
        {disputes.map(({ id, reference, state, dueAt }) => (
          <li key={id} className="entry">
            <p>
              <span className="code">{id}</span> on <span className="code">{reference}</span>{' '}
              <span className="badge">{state}</span>
              {dueAt === null ? null : (
                <>
                  {' '}
                  answer by <Instant at={dueAt} />
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
