/** The staff actions that the order's state allows; the server checks each one again. */
import { parseMoney, type StaffOrder } from '@orders-module/client';
import { client } from '../../data/client.ts';
import { FormError } from '../../data/errors.ts';
import { actionsFor } from '../../data/staff-actions.ts';
import { TextField } from '../../parts/field.tsx';
import { Money } from '../../parts/money.tsx';
import { StaffAction } from './staff-action.tsx';

export interface OrderActionProps {
  order: StaffOrder;
  onDone: (outcome: string) => void;
}

export function StaffOrderActions({ order, onDone }: OrderActionProps) {
  const can = actionsFor(order);
  if (can.size === 0)
    return (
      <p className="faint">
        {order.attention.length === 0
          ? 'There is nothing to do for this order as it stands.'
          : 'Nothing can be done here before what is said above.'}
      </p>
    );
  return (
    <div className="actions">
      {can.has('ship') ? <Ship order={order} onDone={onDone} /> : null}
      {can.has('deliver') ? <Deliver order={order} onDone={onDone} /> : null}
      {can.has('retrySettlement') ? <RetrySettlement order={order} onDone={onDone} /> : null}
      {can.has('retryStuck') ? <RetryStuck order={order} onDone={onDone} /> : null}
      {can.has('refund') ? <Refund order={order} onDone={onDone} /> : null}
      {can.has('cancel') ? <Cancel order={order} onDone={onDone} /> : null}
    </div>
  );
}

function textOf(form: FormData, name: string): string {
  return String(form.get(name) ?? '').trim();
}

function Ship({ order: { id, code }, onDone }: OrderActionProps) {
  return (
    <StaffAction
      orderId={id}
      label="Ship"
      title={`Ship order ${code}`}
      working="Saving…"
      act={(form) =>
        client.admin.ship.mutate({
          id,
          carrier: textOf(form, 'carrier'),
          trackingNumber: textOf(form, 'trackingNumber'),
        })
      }
      done="Marked as shipped. The customer is told by email."
      onDone={onDone}
    >
      <TextField label="Courier" name="carrier" required maxLength={100} autoComplete="off" />
      <TextField label="Tracking number" name="trackingNumber" required maxLength={100} autoComplete="off" />
    </StaffAction>
  );
}

function Deliver({ order: { id, code }, onDone }: OrderActionProps) {
  return (
    <StaffAction
      orderId={id}
      label="Mark as delivered"
      title={`Was order ${code} delivered?`}
      working="Saving…"
      act={() => client.admin.deliver.mutate({ id })}
      done="Marked as delivered. The customer is told by email."
      onDone={onDone}
    >
      <p>The customer is told by email.</p>
    </StaffAction>
  );
}

function Cancel({ order, onDone }: OrderActionProps) {
  const { id, code, status } = order;
  const wasSettled = status === 'confirmed';
  return (
    <StaffAction
      orderId={id}
      label="Cancel order"
      title={`Cancel order ${code}?`}
      working="Cancelling…"
      dangerous
      act={(form) =>
        client.admin.cancel.mutate({ id, ...(wasSettled ? { restock: form.get('restock') !== null } : {}) })
      }
      done="Cancelled. What was paid is refunded, and the customer is told by email."
      onDone={onDone}
    >
      <p>This cannot be undone. What was paid goes back to the customer in full.</p>
      {wasSettled ? (
        <label className="check">
          <input type="checkbox" name="restock" defaultChecked />
          Put the items back into stock
        </label>
      ) : null}
    </StaffAction>
  );
}

function Refund({ order, onDone }: OrderActionProps) {
  const { id, code, total, currency, status } = order;
  const hasUnits = status !== 'cancelled';
  const act = (form: FormData) => {
    const typed = textOf(form, 'amount');
    const amount = typed === '' ? undefined : parseMoney(typed, currency);
    if (amount === null || amount === 0) throw new FormError('That is not an amount. Write it like 1500 or 1500.50.');
    const reason = textOf(form, 'reason');
    return client.admin.refund.mutate({
      id,
      reason,
      ...(amount === undefined ? {} : { amount }),
      ...(hasUnits ? { restock: form.get('restock') !== null } : {}),
    });
  };
  return (
    <StaffAction
      orderId={id}
      label="Refund"
      title={`Refund order ${code}`}
      working="Requesting…"
      act={async (form) => act(form)}
      done="Refund requested. Paystack sends it; this page shows how it goes."
      onDone={onDone}
    >
      <p>
        The order’s total is <Money amount={total} currency={currency} />.
      </p>
      <TextField
        label={`Amount in ${currency}`}
        name="amount"
        inputMode="decimal"
        pattern="[0-9.,]*"
        autoComplete="off"
        placeholder="All that is left"
        hint="Leave empty to refund all that is left. Write 1500 or 1500.50."
      />
      <TextField label="Reason, for our own books" name="reason" required maxLength={200} autoComplete="off" />
      {hasUnits ? (
        <label className="check">
          <input type="checkbox" name="restock" defaultChecked={status === 'confirmed'} />
          Put the items back into stock once all is refunded
        </label>
      ) : null}
    </StaffAction>
  );
}

function RetrySettlement({ order: { id, code, settlement }, onDone }: OrderActionProps) {
  return (
    <StaffAction
      orderId={id}
      label="Retry settlement"
      title={`Settle order ${code} again?`}
      working="Asking…"
      act={() => client.admin.retrySettlement.mutate({ id })}
      done="Back in the queue. This page shows the outcome in a moment."
      onDone={onDone}
    >
      <p>It failed {settlement.attempts} times. The last error was:</p>
      <p className="code-block">{settlement.lastError ?? 'not recorded'}</p>
    </StaffAction>
  );
}

function RetryStuck({ order: { id, code, stuck }, onDone }: OrderActionProps) {
  return (
    <StaffAction
      orderId={id}
      label="Try again"
      title={`Try again what failed on order ${code}?`}
      working="Saving…"
      act={() => client.admin.retryStuck.mutate({ id })}
      done="It is tried again. This page shows the outcome in a moment."
      onDone={onDone}
    >
      {stuck.map(({ work, attempts, lastError }) => (
        <div key={work}>
          <p>It failed {attempts} times. The last error was:</p>
          <p className="code-block">{lastError}</p>
        </div>
      ))}
    </StaffAction>
  );
}
