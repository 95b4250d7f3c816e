/** An order's payments, refunds, disputes and emails, each entry with its staff action. */
import type { StaffEmail, StaffOrder, StaffPayment, StaffRefund } from '@orders-module/client';
import type { ReactNode } from 'react';
import { client } from '../../data/client.ts';
import { canAccept } from '../../data/staff-actions.ts';
import { TextField } from '../../parts/field.tsx';
import { Instant } from '../../parts/instant.tsx';
import { Money } from '../../parts/money.tsx';
import { StaffAction } from './staff-action.tsx';
import type { OrderActionProps } from './staff-order-actions.tsx';

function Panel({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section className="panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

export function Payments({ order, onDone }: OrderActionProps) {
  return (
    <Panel id="payments" title="Payments">
      <ul className="entries">
        {order.payments.map((payment) => (
          <li key={payment.reference} className="entry">
            <div>
              <p className="entry-title">
                <span className="code">{payment.reference}</span> <span className="badge">{payment.status}</span>
              </p>
              <p className="faint">
                <PaymentFacts payment={payment} currency={order.currency} />
              </p>
              {payment.review === null ? null : <p className="line-problem">In review: {payment.review}</p>}
            </div>
            {payment.review === null ? null : <Review order={order} payment={payment} onDone={onDone} />}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function PaymentFacts({ payment, currency }: { payment: StaffPayment; currency: StaffOrder['currency'] }) {
  const { amount, paidAt, channel, gatewayResponse } = payment;
  if (amount === null) return 'No money was captured.';
  const facts = [channel, gatewayResponse].filter((fact) => fact !== null).join(', ');
  return (
    <>
      {payment.currency === currency ? (
        <Money amount={amount} currency={currency} />
      ) : (
        `${amount} ${payment.currency} (subunits)`
      )}
      {facts === '' ? '' : `, ${facts}`}
      {paidAt === null ? null : (
        <>
          , <Instant at={paidAt} />
        </>
      )}
    </>
  );
}

function Review({ order, payment, onDone }: OrderActionProps & { payment: StaffPayment }) {
  const { id } = order;
  const { reference } = payment;
  const resolve = (resolution: 'accept' | 'refund') => () =>
    client.admin.resolveReview.mutate({ id, reference, resolution });
  const shared = { orderId: id, about: `the money on ${reference}`, working: 'Saving…', onDone };
  return (
    <div className="actions">
      {canAccept(order, payment) ? (
        <StaffAction
          {...shared}
          label="Accept"
          title={`Accept the money on ${reference}?`}
          act={resolve('accept')}
          done="Accepted: the order goes on as paid."
        >
          <p>The order goes on as if it had been paid in full. Do this only when the money is really there.</p>
        </StaffAction>
      ) : null}
      <StaffAction
        {...shared}
        label="Refund"
        title={`Refund the money on ${reference}?`}
        act={resolve('refund')}
        done="Refund requested."
        dangerous
      >
        <p>All that was captured on this reference goes back to the customer.</p>
      </StaffAction>
    </div>
  );
}

export function Refunds({ order, onDone }: OrderActionProps) {
  const { id, refunds } = order;
  if (refunds.length === 0) return null;
  return (
    <Panel id="refunds" title="Refunds">
      <ul className="entries">
        {refunds.map((refund) => (
          <li key={refund.id} className="entry">
            <div>
              <p className="entry-title">
                <Money amount={refund.amount} currency={refund.currency} />{' '}
                <span className="badge">{refund.state.replaceAll('_', ' ')}</span>
              </p>
              <p className="faint">
                {refund.reason}, of <span className="code">{refund.reference}</span>,{' '}
                <Instant at={refund.requestedAt} />
              </p>
              {refund.lastError === null ? null : <p className="faint">Last error: {refund.lastError}</p>}
              {refund.advice === null ? null : <p className="line-problem">{refund.advice}</p>}
            </div>
            {refund.state === 'failed' && refund.advice !== null ? (
              <RefundAgain order={order} refund={refund} onDone={onDone} />
            ) : null}
            {refund.retryable ? (
              <StaffAction
                orderId={id}
                label="Try again"
                about={`the refund of ${refund.reference}`}
                title="Try this refund again?"
                working="Asking…"
                act={() => client.admin.retryRefund.mutate({ id, refundId: refund.id })}
                done="The refund is tried again."
                onDone={onDone}
              >
                <p>First look in Paystack’s dashboard that it is not among the charge’s refunds already.</p>
              </StaffAction>
            ) : null}
            {refund.settleable ? <SettleRefund order={order} refund={refund} onDone={onDone} /> : null}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function SettleRefund({ order: { id }, refund, onDone }: OrderActionProps & { refund: StaffRefund }) {
  return (
    <StaffAction
      orderId={id}
      label="Returned another way"
      about={`the refund of ${refund.reference}`}
      title="Does the customer have this money?"
      working="Saving…"
      act={async (form) =>
        client.admin.settleRefund.mutate({ id, refundId: refund.id, note: String(form.get('note') ?? '').trim() })
      }
      done="Saved: nothing more is sent for this refund. The customer is told by email."
      onDone={onDone}
    >
      <p>Only when the customer has been paid another way: Paystack sends nothing for this refund any more.</p>
      <TextField
        label="How it was returned, for our own books"
        name="note"
        required
        maxLength={200}
        autoComplete="off"
      />
    </StaffAction>
  );
}

function RefundAgain({ order, refund, onDone }: OrderActionProps & { refund: StaffRefund }) {
  const { id } = order;
  const { reference, amount, reason } = refund;
  return (
    <StaffAction
      orderId={id}
      label="Refund once more"
      about={`the charge ${reference}`}
      title={`Refund the charge ${reference} once more?`}
      working="Requesting…"
      act={() => client.admin.refund.mutate({ id, reference, amount, reason })}
      done="Refund requested. Paystack sends it; this page shows how it goes."
      onDone={onDone}
    >
      <p>It goes to Paystack in place of the refund that failed.</p>
    </StaffAction>
  );
}

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

export function Emails({ order, onDone }: OrderActionProps) {
  if (order.emails.length === 0) return null;
  return (
    <Panel id="emails" title="Emails">
      <ul className="entries">
        {order.emails.map((email) => (
          <li key={email.key} className="entry">
            <p>
              {wordsOf(email)} <span className="badge">{email.state}</span>
            </p>
            {email.state === 'queued' ? null : (
              <StaffAction
                orderId={order.id}
                label="Resend"
                about={wordsOf(email)}
                title={`Send “${wordsOf(email)}” once more?`}
                working="Queuing…"
                act={() => client.admin.resendEmail.mutate({ id: order.id, key: email.key })}
                done="The email is sent once more."
                onDone={onDone}
              >
                <p>It goes to {order.email}.</p>
              </StaffAction>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function wordsOf({ kind }: StaffEmail): string {
  return kind.replaceAll('_', ' ');
}
