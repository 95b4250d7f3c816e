import type { StaffOrder, StaffPayment } from '@orders-module/client';
import { client } from '../../../parts/data/client.ts';
import { Instant } from '../../../parts/ui/instant.tsx';
import { ReportedMoney } from '../../../parts/ui/money.tsx';
import { isAllowed } from '../data/staff-actions.ts';
import { Panel } from '../ui/panel.tsx';
import { StaffAction } from '../ui/staff-action.tsx';
import { ATTEMPT_WORDS } from '../ui/words.ts';
import type { OrderActionProps } from './actions/action-props.ts';
import { OrderMoney } from './order-money.tsx';
import { EnterReturned, PaidElsewhere, ReturnedSums } from './returned-money.tsx';

export function Payments({ order, onDone }: OrderActionProps) {
  return (
    <Panel id="payments" title="Payments">
      <OrderMoney order={order} />
      <ul className="entries">
        {order.payments.map((payment) => (
          <li key={payment.reference} className="entry">
            <div>
              <p className="entry-title">
                <span className="code">{payment.reference}</span>{' '}
                <span className="badge">{ATTEMPT_WORDS[payment.status]}</span>
              </p>
              <p className="faint">
                <PaymentFacts payment={payment} currency={order.currency} />
              </p>
              <ReturnedSums order={order} payment={payment} />
              {payment.review === null ? null : <p className="line-problem">In review: {payment.review}</p>}
            </div>
            <Review order={order} payment={payment} onDone={onDone} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function PaymentFacts({ payment, currency }: { payment: StaffPayment; currency: StaffOrder['currency'] }) {
  const { amount, fees, paidAt, failedAt, channel, gatewayResponse } = payment;
  if (amount === null)
    return failedAt === null ? (
      'No money was captured.'
    ) : (
      <>
        Declined <Instant at={failedAt} to="second" />
        {gatewayResponse === null ? '.' : `: the bank says “${gatewayResponse}”.`}
      </>
    );
  const facts = [channel?.replaceAll('_', ' '), gatewayResponse].filter((fact) => fact != null).join(', ');
  return (
    <>
      <ReportedMoney amount={amount} currency={payment.currency ?? currency} />
      {facts === '' ? '' : `, ${facts}`}
      {paidAt === null ? null : (
        <>
          , <Instant at={paidAt} />
        </>
      )}
      {fees === null ? null : (
        <>
          . Paystack's fee: <ReportedMoney amount={fees} currency={payment.currency ?? currency} />
        </>
      )}
    </>
  );
}

function Review({ order, payment, onDone }: OrderActionProps & { payment: StaffPayment }) {
  const { id } = order;
  const { reference } = payment;
  const resolve = (resolution: 'accept' | 'refund') => ({
    preview: () => client.admin.previewResolveReview.mutate({ id, reference, resolution }),
    act: (_: FormData, shown: { expect?: string }) =>
      client.admin.resolveReview.mutate({ id, reference, resolution, ...shown }),
  });
  const shared = { orderId: id, about: `the money on ${reference}`, working: 'Saving…', onDone };
  return (
    <div className="actions">
      <StaffAction
        {...shared}
        label="Accept"
        offered={isAllowed(order, 'acceptReview', reference)}
        title={`Accept the money on ${reference}?`}
        {...resolve('accept')}
        done="Accepted: the order goes on as paid."
      >
        <p>The order goes on as if it had been paid in full. Do this only when the money is really there.</p>
      </StaffAction>
      <StaffAction
        {...shared}
        label="Refund"
        offered={isAllowed(order, 'refundReview', reference)}
        title={`Refund the money on ${reference}?`}
        {...resolve('refund')}
        done="Refund requested."
        dangerous
      >
        <p>All that was captured on this reference goes back to the customer.</p>
      </StaffAction>
      <EnterReturned order={order} payment={payment} onDone={onDone} />
      <PaidElsewhere order={order} payment={payment} onDone={onDone} />
    </div>
  );
}
