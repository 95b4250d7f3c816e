import { client } from '../../../data/client.ts';
import { TextField } from '../../../parts/field.tsx';
import { StaffAction } from '../staff-action.tsx';
import { textOf, type WholeOrderActionProps } from './action-props.ts';

function parcelOf(form: FormData) {
  return { carrier: textOf(form, 'carrier'), trackingNumber: textOf(form, 'trackingNumber') };
}

export function Ship({ order: { id, code }, offered, onDone }: WholeOrderActionProps) {
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

export function Deliver({ order: { id, code }, offered, onDone }: WholeOrderActionProps) {
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
