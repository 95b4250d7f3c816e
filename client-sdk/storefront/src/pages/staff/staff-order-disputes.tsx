import type { StaffOrder } from '@orders-module/client';
import { Instant } from '../../parts/instant.tsx';
import { DISPUTE_WORDS } from '../../parts/staff-words.ts';
import { Panel } from './panel.tsx';

export function Disputes({ order: { disputes } }: { order: StaffOrder }) {
  if (disputes.length === 0) return null;
  return (
    <Panel id="disputes" title="Disputes">
      <ul className="entries">
        {disputes.map(({ id: disputeId, reference, state, answerBy }) => (
          <li key={disputeId} className="entry">
            <p>
              <span className="code">{disputeId}</span> on <span className="code">{reference}</span>{' '}
              <span className="badge">{DISPUTE_WORDS[state]}</span>
              {answerBy === null ? null : (
                <>
                  {' '}
                  answer by <Instant at={answerBy} />
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
