import type { StaffOrderSummary } from '@orders-module/client';
import { Link } from '@tanstack/react-router';
import { Instant } from '../../../parts/ui/instant.tsx';
import { Money } from '../../../parts/ui/money.tsx';
import { sayAge, sayTimeLeft } from '../orders/age.ts';
import { disputeReason } from '../ui/words.ts';
import { ActHere } from './act-here.tsx';

interface WaitingOrderProps {
  order: StaffOrderSummary;
  kind: StaffOrderSummary['waits'][number]['kind'];
}

/** One order of the queue: since when it waits, how much money that is, and what to do. */
export function WaitingOrder({ order: { id, code, name, waits, answerBy }, kind }: WaitingOrderProps) {
  const now = Date.now();
  return (
    <li className="waiting-order panel">
      <div className="waiting-order-head">
        <h3 className="order-row-code">
          <Link to="/orders/$id" params={{ id }}>
            <span className="code">{code}</span>
          </Link>{' '}
          <span className="faint">
            <bdi>{name}</bdi>
          </span>
        </h3>
        <ul className="waits">
          {waits
            .filter((wait) => wait.kind === kind)
            .map(({ amount, currency, since, category }) => (
              <li key={since}>
                <Money amount={amount} currency={currency} />{' '}
                <span className="faint">
                  for {sayAge(since, now)}
                  {category === null ? '' : `; ${disputeReason(category)}`}
                </span>
              </li>
            ))}
        </ul>
        {kind === 'dispute' && answerBy !== null ? (
          <p className="line-problem">
            A dispute must be answered by <Instant at={answerBy} />: {sayTimeLeft(answerBy, now)}.
          </p>
        ) : null}
      </div>
      <ActHere orderId={id} code={code} kind={kind} />
    </li>
  );
}
