import { parseMoney } from '@orders-module/client';
import { client } from '../../../data/client.ts';
import { FormError } from '../../../data/errors.ts';
import { TextField } from '../../../parts/field.tsx';
import { Money } from '../../../parts/money.tsx';
import { StaffAction } from '../staff-action.tsx';
import { textOf, type WholeOrderActionProps } from './action-props.ts';

export function Refund({ order, offered, onDone }: WholeOrderActionProps) {
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
