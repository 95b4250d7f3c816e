import type { StaffOrder } from '@orders-module/client';
import { Instant } from '../../parts/instant.tsx';
import { ReportedMoney } from '../../parts/money.tsx';
import { DISPUTE_WORDS } from '../../parts/staff-words.ts';
import { Panel } from './panel.tsx';

export function Disputes({ order: { disputes } }: { order: StaffOrder }) {
  if (disputes.length === 0) return null;
  return (
    <Panel id="disputes" title="Disputes">
      <ul className="entries">
        {disputes.map(
          ({ id: disputeId, reference, state, amount, currency, answerBy, answerByAssumed, bankDeciding }) => (
            <li key={disputeId} className="entry">
              <p>
                <span className="code">{disputeId}</span> on <span className="code">{reference}</span>{' '}
                <span className="badge">{DISPUTE_WORDS[state]}</span>
              </p>
              <p className="faint">
                {amount === null ? 'The whole charge' : <ReportedMoney amount={amount} currency={currency} />}
                {bankDeciding ? ', the bank decides' : ''}
                {answerBy === null ? null : (
                  <>
                    , answer by <Instant at={answerBy} />
                    {answerByAssumed ? ' at the earliest: Paystack named no deadline' : ''}
                  </>
                )}
              </p>
            </li>
          ),
        )}
      </ul>
    </Panel>
  );
}
