/** The customer's bank account, for a refund that Paystack cannot send without it. Nothing of it is stored. */
import type { StaffRefund } from '@orders-module/client';
import { useQuery } from '@tanstack/react-query';
import { client } from '../../../../parts/data/client.ts';
import type { FieldErrors } from '../../../../parts/data/errors.ts';
import { SelectField, TextField } from '../../../../parts/ui/field.tsx';
import { Money } from '../../../../parts/ui/money.tsx';
import { ErrorNotice } from '../../../../parts/ui/notice.tsx';
import { isAllowed } from '../../data/staff-actions.ts';
import { StaffAction } from '../../ui/staff-action.tsx';
import type { OrderActionProps } from './action-props.ts';

export function BankAccount({ order, refund, onDone }: OrderActionProps & { refund: StaffRefund }) {
  const { id } = order;
  return (
    <StaffAction
      orderId={id}
      offered={refund.state === 'needs_attention' && isAllowed(order, 'sendRefundAccount', refund.id)}
      label="Enter the bank account"
      about={`for the refund of ${refund.reference}`}
      title="To which account does the money go?"
      working="Sending…"
      act={(form) =>
        client.admin.sendRefundAccount.mutate({
          id,
          refundId: refund.id,
          accountNumber: String(form.get('accountNumber') ?? ''),
          bankId: String(form.get('bankId') ?? ''),
        })
      }
      done="Paystack has the account and sends the refund; this page shows how it goes."
      onDone={onDone}
    >
      {(errors) => <AccountFields refund={refund} errors={errors} />}
    </StaffAction>
  );
}

function AccountFields({ refund: { amount, currency }, errors }: { refund: StaffRefund; errors: FieldErrors }) {
  const banks = useQuery({
    queryKey: ['refund-banks', currency],
    queryFn: ({ signal }) => client.admin.refundBanks.query({ currency }, { signal }),
  });
  return (
    <>
      <p>
        <Money amount={amount} currency={currency} /> goes to this account. Read the number back to the customer first.
      </p>
      {banks.isError ? <ErrorNotice error={banks.error} /> : null}
      <SelectField label="Bank" name="bankId" required defaultValue="" error={errors.bankId}>
        <option value="" disabled>
          {banks.isPending ? 'Loading the banks…' : 'Choose the bank'}
        </option>
        {banks.data?.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </SelectField>
      <TextField
        label="Account number"
        name="accountNumber"
        required
        inputMode="numeric"
        pattern="[0-9]{6,20}"
        maxLength={20}
        autoComplete="off"
        error={errors.accountNumber}
      />
    </>
  );
}
