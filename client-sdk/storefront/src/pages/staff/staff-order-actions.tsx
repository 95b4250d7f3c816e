/** The staff actions that the server allows on the order now, and why it refuses the others. */
import { parseMoney, type StaffOrder } from '@orders-module/client';
import type { ComponentType } from 'react';
import { client } from '../../data/client.ts';
import { FormError } from '../../data/errors.ts';
import { isAllowed, refusedActions, type StaffActionName } from '../../data/staff-actions.ts';
import { TextField } from '../../parts/field.tsx';
import { Money } from '../../parts/money.tsx';
import { StaffAction } from './staff-action.tsx';

export interface OrderActionProps {
  order: StaffOrder;
  onDone: (outcome: string) => void;
}

/** An action on the order as a whole. */
interface WholeOrderActionProps extends OrderActionProps {
  offered: boolean;
}

export function StaffOrderActions({ order, onDone }: OrderActionProps) {
  const isOffered = (action: StaffActionName) => isAllowed(order, action);
  const offersAny = OFFERED.some(([action]) => isOffered(action));
  return (
    <>
      {offersAny ? null : (
        <p className="faint">
          {order.attention.length === 0
            ? 'There is nothing to do for this order as it stands.'
            : 'Nothing can be done here before what is said above.'}
        </p>
      )}
      <div className="actions">
        {OFFERED.map(([action, , Action]) => (
          <Action key={action} order={order} offered={isOffered(action)} onDone={onDone} />
        ))}
      </div>
      <Refused order={order} />
    </>
  );
}

/** The actions on the order as a whole, with their names, in the order of the page. */
const OFFERED: readonly [StaffActionName, string, ComponentType<WholeOrderActionProps>][] = [
  ['ship', 'Ship', Ship],
  ['deliver', 'Mark as delivered', Deliver],
  ['retrySettlement', 'Retry settlement', RetrySettlement],
  ['retryStuck', 'Retry stuck work', RetryStuck],
  ['refund', 'Refund', Refund],
  ['cancel', 'Cancel order', Cancel],
];

/** Retries are left out: they are refused whenever there is nothing to retry. */
const EXPLAINED: ReadonlySet<StaffActionName> = new Set(['ship', 'deliver', 'refund', 'cancel']);

function Refused({ order }: { order: StaffOrder }) {
  const names = new Map(OFFERED.map(([action, name]) => [action, name]));
  const refused = refusedActions(order).filter(({ action }) => EXPLAINED.has(action));
  if (refused.length === 0) return null;
  return (
    <dl className="refused">
      {refused.map(({ action, why }) => (
        <div key={action}>
          <dt>{names.get(action)}</dt>
          <dd>{why}</dd>
        </div>
      ))}
    </dl>
  );
}

function textOf(form: FormData, name: string): string {
  return String(form.get(name) ?? '').trim();
}

function parcelOf(form: FormData) {
  return { carrier: textOf(form, 'carrier'), trackingNumber: textOf(form, 'trackingNumber') };
}

function Ship({ order: { id, code }, offered, onDone }: WholeOrderActionProps) {
  return (
    <StaffAction
      orderId={id}
      offered={offered}
      label="Ship"
      title={`Ship order ${code}`}
      working="Saving…"
      preview={(form) => client.admin.previewShip.mutate({ id, ...parcelOf(form) })}
      act={(form, shown) => client.admin.ship.mutate({ id, ...parcelOf(form), ...shown })}
      done="Marked as shipped. The customer is told by email."
      onDone={onDone}
    >
      <TextField label="Courier" name="carrier" required maxLength={100} autoComplete="off" />
      <TextField label="Tracking number" name="trackingNumber" required maxLength={100} autoComplete="off" />
    </StaffAction>
  );
}

function Deliver({ order: { id, code }, offered, onDone }: WholeOrderActionProps) {
  return (
    <StaffAction
      orderId={id}
      offered={offered}
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

function Cancel({ order, offered, onDone }: WholeOrderActionProps) {
  const { id, code, status } = order;
  const wasSettled = status === 'confirmed';
  const inputOf = (form: FormData) => ({ id, ...(wasSettled ? { restock: form.get('restock') !== null } : {}) });
  return (
    <StaffAction
      orderId={id}
      offered={offered}
      label="Cancel order"
      title={`Cancel order ${code}?`}
      working="Cancelling…"
      dangerous
      preview={(form) => client.admin.previewCancel.mutate(inputOf(form))}
      act={(form, shown) => client.admin.cancel.mutate({ ...inputOf(form), ...shown })}
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

function Refund({ order, offered, onDone }: WholeOrderActionProps) {
  const { id, code, total, currency, status } = order;
  const hasUnits = status !== 'cancelled';
  const inputOf = (form: FormData) => {
    const typed = textOf(form, 'amount');
    const amount = typed === '' ? undefined : parseMoney(typed, currency);
    if (amount === null || amount === 0) throw new FormError('That is not an amount. Write it like 1500 or 1500.50.');
    const reason = textOf(form, 'reason');
    return {
      id,
      reason,
      ...(amount === undefined ? {} : { amount }),
      ...(hasUnits ? { restock: form.get('restock') !== null } : {}),
    };
  };
  return (
    <StaffAction
      orderId={id}
      offered={offered}
      label="Refund"
      title={`Refund order ${code}`}
      working="Requesting…"
      preview={async (form) => client.admin.previewRefund.mutate(inputOf(form))}
      act={async (form, shown) => client.admin.refund.mutate({ ...inputOf(form), ...shown })}
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

function RetrySettlement({ order: { id, code, settlement }, offered, onDone }: WholeOrderActionProps) {
  return (
    <StaffAction
      orderId={id}
      offered={offered}
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

function RetryStuck({ order: { id, code, stuck }, offered, onDone }: WholeOrderActionProps) {
  return (
    <StaffAction
      orderId={id}
      offered={offered}
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
