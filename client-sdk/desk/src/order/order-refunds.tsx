import { REFUND_CAUSE_WORDS, REFUND_STATE_WORDS, type StaffRefund } from '@orders-module/client';
import { client } from '../../../parts/data/client.ts';
import { TextField } from '../../../parts/ui/field.tsx';
import { Instant } from '../../../parts/ui/instant.tsx';
import { Money } from '../../../parts/ui/money.tsx';
import { RefundLines } from '../../../parts/ui/refund-lines.tsx';
import { isAllowed } from '../data/staff-actions.ts';
import { Panel } from '../ui/panel.tsx';
import { StaffAction } from '../ui/staff-action.tsx';
import type { OrderActionProps } from './actions/action-props.ts';
import { BankAccount } from './actions/bank-account.tsx';

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
                <span className="badge">{REFUND_STATE_WORDS[refund.state]}</span>
              </p>
              <p className="faint">
                {refund.note ?? refundCauseText(refund)}, of{' '}
                <span className="whole">
                  <span className="code">{refund.reference}</span>,
                </span>{' '}
                <Instant at={refund.requestedAt} />
              </p>
              <p className="faint">
                <RefundLines of={{ ...refund, lines: refund.lines.map(toQuantity) }} items={order.items} />
              </p>
              {refund.lastError === null ? null : <p className="faint">Last error: {refund.lastError}</p>}
              {refund.advice === null ? null : <p className="line-problem">{refund.advice}</p>}
            </div>
            <BankAccount order={order} refund={refund} onDone={onDone} />
            <RefundAgain order={order} refund={refund} onDone={onDone} />
            <StaffAction
              orderId={id}
              offered={isAllowed(order, 'retryRefund', refund.id)}
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
            <RefundPaidElsewhere order={order} refund={refund} onDone={onDone} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function toQuantity({ lineId, unshipped, shipped }: StaffRefund['lines'][number]) {
  return { lineId, quantity: unshipped + shipped };
}

function refundCauseText({ cause }: StaffRefund): string {
  return REFUND_CAUSE_WORDS[cause];
}

function RefundPaidElsewhere({ order, refund, onDone }: OrderActionProps & { refund: StaffRefund }) {
  const { id } = order;
  return (
    <StaffAction
      orderId={id}
      offered={isAllowed(order, 'recordRefundPaidElsewhere', refund.id)}
      label="Returned another way"
      about={`the refund of ${refund.reference}`}
      title="Does the customer have this money?"
      working="Saving…"
      act={async (form) => {
        const note = String(form.get('note') ?? '').trim();
        return client.admin.recordRefundPaidElsewhere.mutate({ id, refundId: refund.id, note });
      }}
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
  const { reference } = refund;
  const input = { id: order.id, replaces: refund.id };
  return (
    <StaffAction
      orderId={order.id}
      offered={refund.state === 'failed' && refund.advice !== null && isAllowed(order, 'refund', reference)}
      label="Refund once more"
      about={`the charge ${reference}`}
      title={`Refund the charge ${reference} once more?`}
      working="Requesting…"
      preview={() => client.admin.previewRefund.mutate(input)}
      act={(_, shown, key) => client.admin.refund.mutate({ ...input, ...shown, key })}
      done="Refund requested. Paystack sends it; this page shows how it goes."
      onDone={onDone}
    >
      <p>It goes to Paystack in place of the refund that failed.</p>
    </StaffAction>
  );
}
