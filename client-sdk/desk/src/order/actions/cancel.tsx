import { client } from '../../../../parts/data/client.ts';
import { TextField } from '../../../../parts/ui/field.tsx';
import { StaffAction } from '../../ui/staff-action.tsx';
import { textOf, type WholeOrderActionProps } from './action-props.ts';

export function Cancel({ order, offered, onDone }: WholeOrderActionProps) {
  const { id, code, status } = order;
  const wasSettled = status === 'confirmed';
  const inputOf = (form: FormData) => {
    const note = textOf(form, 'note');
    return {
      id,
      ...(wasSettled ? { restockRest: form.get('restockRest') !== null } : {}),
      ...(note === '' ? {} : { note }),
    };
  };
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
      done="Cancelled. What is left of the payment is refunded, and the customer is told by email."
      onDone={onDone}
    >
      <p>This cannot be undone. All that is left of the payment goes back to the customer.</p>
      {wasSettled ? (
        <>
          <label className="check">
            <input type="checkbox" name="restockRest" defaultChecked />
            Put the items back into stock
          </label>
          <TextField label="Note for our own books" name="note" optional maxLength={200} autoComplete="off" />
        </>
      ) : null}
    </StaffAction>
  );
}
