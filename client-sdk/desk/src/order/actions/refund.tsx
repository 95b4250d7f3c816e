import type { RefundProposal, StaffOrder } from '@orders-module/client';
import { useState } from 'react';
import { client } from '../../../../parts/data/client.ts';
import { SelectField, TextField } from '../../../../parts/ui/field.tsx';
import { Money } from '../../../../parts/ui/money.tsx';
import { fieldOf, proposalOf, REFUND_CAUSES, refundableLines, refundInputOf } from '../../data/refund-form.ts';
import { StaffAction } from '../../ui/staff-action.tsx';
import type { WholeOrderActionProps } from './action-props.ts';

export function Refund({ order, offered, onDone }: WholeOrderActionProps) {
  return (
    <StaffAction
      orderId={order.id}
      offered={offered}
      label="Refund"
      title={`Refund order ${order.code}`}
      working="Requesting…"
      preview={async (form) => client.admin.previewRefund.mutate(refundInputOf(order, form))}
      act={async (form, shown, key) => client.admin.refund.mutate({ ...refundInputOf(order, form), ...shown, key })}
      done="Refund requested. Paystack sends it; this page shows how it goes."
      onDone={onDone}
    >
      <RefundFields order={order} />
    </StaffAction>
  );
}

function RefundFields({ order }: { order: StaffOrder }) {
  const [proposal, setProposal] = useState<RefundProposal | null>(() => proposalOf(order, new FormData()));
  const { currency, refundable, shippingFee, status } = order;
  const lines = refundableLines(order);
  const hasDelivery = lines.length > 0 && shippingFee > 0 && refundable?.deliveryRefunded === false;
  return (
    <div
      className="refund-fields"
      onChange={(event) => {
        const form = event.currentTarget.closest('form');
        if (form !== null) setProposal(proposalOf(order, new FormData(form)));
      }}
    >
      {lines.map((line) => (
        <LineFields key={line.lineId} line={line} />
      ))}
      {hasDelivery ? (
        <label className="check">
          <input type="checkbox" name="delivery" />
          The delivery fee, <Money amount={shippingFee} currency={currency} />
        </label>
      ) : null}
      <Proposal order={order} proposal={proposal} />
      <TextField
        label={`Another amount in ${refundable?.currency ?? currency}`}
        name="amount"
        optional
        inputMode="decimal"
        pattern="[0-9.,]*"
        autoComplete="off"
        disabled={proposal?.isAll === true}
        hint="Less or more than proposed, up to what is left. Write 1500 or 1500.50."
      />
      <SelectField label="Why" name="cause" hint="It decides what the customer reads.">
        {REFUND_CAUSES.map(([cause, text]) => (
          <option key={cause} value={cause}>
            {text}
          </option>
        ))}
      </SelectField>
      <TextField label="Note for our own books" name="note" optional maxLength={200} autoComplete="off" />
      {status === 'cancelled' || lines.length === 0 ? null : (
        <label className="check">
          <input type="checkbox" name="keepRest" />
          If this refunds everything, keep units that were not sent out of stock
        </label>
      )}
    </div>
  );
}

function Proposal({ order, proposal }: { order: StaffOrder; proposal: RefundProposal | null }) {
  const { refundable } = order;
  if (refundable === null || proposal === null) return null;
  return (
    <p role="status">
      Goes back: <Money amount={proposal.amount} currency={refundable.currency} />
      {proposal.isAll ? ', all that is left of the payment' : ''}. Left of the payment:{' '}
      <Money amount={refundable.remaining} currency={refundable.currency} />.
    </p>
  );
}

function LineFields({ line }: { line: ReturnType<typeof refundableLines>[number] }) {
  const { lineId, productTitle, variantTitle, toShip, withCustomer } = line;
  const most = toShip + withCustomer;
  return (
    <fieldset className="refund-line">
      <legend>
        {productTitle}, {variantTitle}
      </legend>
      {toShip > 0 ? (
        <Units label={`Not to be sent, of ${toShip}`} name={fieldOf('unshipped', lineId)} most={toShip} />
      ) : null}
      {withCustomer > 0 ? (
        <Units label={`Came back, of ${withCustomer}`} name={fieldOf('shipped', lineId)} most={withCustomer} />
      ) : null}
      <Units label="Of these, into stock" name={fieldOf('restock', lineId)} most={most} />
    </fieldset>
  );
}

function Units({ label, name, most }: { label: string; name: string; most: number }) {
  return (
    <TextField
      label={label}
      name={name}
      type="number"
      min={0}
      max={most}
      step={1}
      defaultValue={0}
      inputMode="numeric"
    />
  );
}
