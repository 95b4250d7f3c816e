import { client } from '../../../../parts/data/client.ts';
import { Money } from '../../../../parts/ui/money.tsx';
import { StaffAction } from '../../ui/staff-action.tsx';
import type { WholeOrderActionProps } from './action-props.ts';

export function SendLink({ order, offered, onDone }: WholeOrderActionProps) {
  const { id, code, name, email, total, currency } = order;
  return (
    <StaffAction
      orderId={id}
      offered={offered}
      label="Send the link to pay"
      title={`Send the link to pay order ${code}?`}
      working="Sending…"
      act={(_form, _shown, key) => client.admin.sendPaymentLink.mutate({ id, key })}
      done="The link is sent to the customer by email."
      onDone={onDone}
    >
      <p>
        <bdi>{name}</bdi> gets an email at <bdi>{email}</bdi> with a link to the page of this order, where{' '}
        <Money amount={total} currency={currency} /> can be paid.
      </p>
    </StaffAction>
  );
}
