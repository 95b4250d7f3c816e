import { client } from '../../../data/client.ts';
import { StaffAction } from '../staff-action.tsx';
import type { WholeOrderActionProps } from './action-props.ts';

export function Cancel({ order, offered, onDone }: WholeOrderActionProps) {
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
