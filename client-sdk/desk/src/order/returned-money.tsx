/** The sums that have gone back of a charge, and the forms in which staff enter those that Paystack does not list. */
import { type Currency, parseMoney, type StaffOrder, type StaffPayment } from '@orders-module/client';
import { client } from '../../../parts/data/client.ts';
import { FormError } from '../../../parts/data/errors.ts';
import { TextField } from '../../../parts/ui/field.tsx';
import { ReportedMoney } from '../../../parts/ui/money.tsx';
import { isAllowed } from '../data/staff-actions.ts';
import { StaffAction } from '../ui/staff-action.tsx';
import { type OrderActionProps, textOf } from './actions/action-props.ts';

type PaymentProps = OrderActionProps & { payment: StaffPayment };

/** Nothing for a charge of which nothing went back. */
export function ReturnedSums({ order, payment }: Pick<PaymentProps, 'order' | 'payment'>) {
  const { returned } = payment;
  if (returned === null) return null;
  const currency = payment.currency ?? order.currency;
  const parts = [
    ['by refund', returned.byRefund],
    ['by dispute', returned.byDispute],
    ['another way', returned.elsewhere],
    ['on its way', returned.open],
  ] as const;
  const named = parts.filter(([, amount]) => amount > 0);
  if (named.length === 0) return null;
  return (
    <p className="faint">
      Gone back:{' '}
      {named.map(([way, amount]) => (
        <span key={way}>
          <ReportedMoney amount={amount} currency={currency} /> {way},{' '}
        </span>
      ))}
      still held: <ReportedMoney amount={returned.held} currency={currency} />
    </p>
  );
}

export function EnterReturned({ order, payment, onDone }: PaymentProps) {
  const { id } = order;
  const { reference } = payment;
  const input = (form: FormData) =>
    ({ id, reference, resolution: 'returned', returned: amountOf(order, payment, form) }) as const;
  return (
    <StaffAction
      orderId={id}
      offered={isAllowed(order, 'returnedReview', reference)}
      label="Enter what went back"
      about={`of ${reference}`}
      title={`How much of ${reference} went back?`}
      working="Saving…"
      preview={async (form) => client.admin.previewResolveReview.mutate(input(form))}
      act={async (form, shown) => client.admin.resolveReview.mutate({ ...input(form), ...shown })}
      done="Saved: what is left can be refunded or shipped as before."
      onDone={onDone}
    >
      <p>Look the charge up at Paystack: its page shows how much was returned to the customer.</p>
      <AmountField currency={currencyOf(order, payment)} hint="0 when nothing went back. Write 1500 or 1500.50." />
    </StaffAction>
  );
}

export function PaidElsewhere({ order, payment, onDone }: PaymentProps) {
  const { id } = order;
  const { reference } = payment;
  return (
    <StaffAction
      orderId={id}
      offered={isAllowed(order, 'recordPaidElsewhere', reference)}
      label="Paid back another way"
      about={`of ${reference}`}
      title="What did the customer get outside Paystack?"
      working="Saving…"
      act={async (form, _shown, key) =>
        client.admin.recordPaidElsewhere.mutate({
          id,
          key,
          reference,
          amount: amountOf(order, payment, form),
          note: textOf(form, 'note'),
        })
      }
      done="Saved. The customer reads of it by email."
      onDone={onDone}
    >
      <p>Paystack sends nothing for it. Only money that the customer has already, for example in cash.</p>
      <AmountField currency={currencyOf(order, payment)} hint="Write 1500 or 1500.50." />
      <TextField label="How it was paid, for our own books" name="note" required maxLength={200} autoComplete="off" />
    </StaffAction>
  );
}

function AmountField({ currency, hint }: { currency: string; hint: string }) {
  return (
    <TextField
      label={`Amount in ${currency}`}
      name="amount"
      required
      inputMode="decimal"
      pattern="[0-9.,]+"
      autoComplete="off"
      hint={hint}
    />
  );
}

/** A charge may have come in another currency than its order's. */
function currencyOf(order: StaffOrder, payment: StaffPayment): Currency {
  return payment.returned?.currency ?? order.currency;
}

function amountOf(order: StaffOrder, payment: StaffPayment, form: FormData): number {
  const amount = parseMoney(textOf(form, 'amount'), currencyOf(order, payment));
  if (amount === null) throw new FormError('That is not an amount. Write it like 1500 or 1500.50.');
  return amount;
}
