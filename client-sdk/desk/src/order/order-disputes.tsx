import type { StaffDispute } from '@orders-module/client';
import { Instant } from '../../../parts/ui/instant.tsx';
import { Money, ReportedMoney } from '../../../parts/ui/money.tsx';
import { ActorName } from '../ui/actor-name.tsx';
import { Panel } from '../ui/panel.tsx';
import { ANSWER_WORDS, DISPUTE_WORDS, disputeReason } from '../ui/words.ts';
import type { OrderActionProps } from './actions/action-props.ts';
import { AcceptDispute, DeclineDispute } from './actions/answer-dispute.tsx';

export function Disputes({ order, onDone }: OrderActionProps) {
  const { disputes } = order;
  if (disputes.length === 0) return null;
  return (
    <Panel id="disputes" title="Disputes">
      <ul className="entries">
        {disputes.map((dispute) => (
          <li key={dispute.id} className="entry">
            <div>
              <Name dispute={dispute} />
              <Facts dispute={dispute} />
              {dispute.answer === null ? null : <Answer answer={dispute.answer} currency={dispute.currency} />}
            </div>
            <div className="actions">
              <DeclineDispute order={order} dispute={dispute} onDone={onDone} />
              <AcceptDispute order={order} dispute={dispute} onDone={onDone} />
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Name({ dispute: { id: disputeId, reference, state } }: { dispute: StaffDispute }) {
  return (
    <p>
      <span className="code">{disputeId}</span> on <span className="code">{reference}</span>{' '}
      <span className="badge">{DISPUTE_WORDS[state]}</span>
    </p>
  );
}

function Facts({ dispute }: { dispute: StaffDispute }) {
  const { amount, currency, category, state, answerBy, answerByAssumed, bankDeciding } = dispute;
  return (
    <p className="faint">
      {amount === null ? 'The whole charge' : <ReportedMoney amount={amount} currency={currency} />}
      {category === null ? '' : `, ${disputeReason(category)}`}
      {bankDeciding ? ', the bank decides' : ''}
      {state !== 'open' || bankDeciding || answerBy === null ? null : (
        <>
          , answer by <Instant at={answerBy} />
          {answerByAssumed ? ' at the earliest: Paystack named no deadline' : ''}
        </>
      )}
    </p>
  );
}

function Answer({
  answer,
  currency,
}: {
  answer: NonNullable<StaffDispute['answer']>;
  currency: StaffDispute['currency'];
}) {
  const { state, resolution, refundAmount, message, file, by, at, lastError } = answer;
  return (
    <>
      <p>
        {resolution === 'decline' ? 'Declined' : 'Accepted'}
        {refundAmount === null ? null : (
          <>
            , <Money amount={refundAmount} currency={currency} /> goes back
          </>
        )}{' '}
        <span className="badge">{ANSWER_WORDS[state]}</span>
      </p>
      <p className="faint">
        “{message}”, with {file === 'receipt' ? 'a receipt' : 'a file of our own'}, by <ActorName actor={by} />,{' '}
        <Instant at={at} />
      </p>
      {lastError === null || state === 'sent' ? null : <p className="line-problem">{lastError}</p>}
    </>
  );
}
