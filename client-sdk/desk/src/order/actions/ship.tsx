import { isOrdersError, newActionKey, type StaffOrder } from '@orders-module/client';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { client } from '../../../../parts/data/client.ts';
import { FormError } from '../../../../parts/data/errors.ts';
import { SelectField, TextField } from '../../../../parts/ui/field.tsx';
import { carriersQuery } from '../../data/orders.ts';
import { StaffAction } from '../../ui/staff-action.tsx';
import { textOf, type WholeOrderActionProps } from './action-props.ts';

const CARRIER_LIST = 'carriers';

/** All or some of the units that are left to ship, as a parcel or a pick-up. */
export function Ship({ order, offered, onDone }: WholeOrderActionProps) {
  const { id, code, otherDomain } = order;
  const [kind, setKind] = useState<'parcel' | 'pickup'>('parcel');
  // The same key with every attempt, until the shipment exists.
  const key = useRef(newActionKey());
  return (
    <StaffAction
      orderId={id}
      offered={offered}
      label="Ship"
      title={`Ship order ${code}`}
      working="Saving…"
      preview={async (form) => client.admin.previewShip.mutate(inputOf(order, form))}
      act={async (form, shown) => {
        try {
          const changed = await client.admin.ship.mutate({ ...inputOf(order, form), key: key.current, ...shown });
          key.current = newActionKey();
          return changed;
        } catch (error) {
          if (isOrdersError(error, 'ACTION_KEY_REUSED')) key.current = newActionKey();
          throw error;
        }
      }}
      done={kind === 'parcel' ? 'Shipped. The customer is told by email.' : 'Ready. The customer is told by email.'}
      onDone={onDone}
    >
      <UnitFields order={order} />
      <SelectField
        label="How it goes"
        name="kind"
        value={kind}
        onChange={({ target }) => setKind(target.value === 'pickup' ? 'pickup' : 'parcel')}
      >
        <option value="parcel">By courier or own rider</option>
        <option value="pickup">The customer picks it up</option>
      </SelectField>
      {kind === 'parcel' ? <TrackingFields /> : null}
      {otherDomain ? (
        <label className="check">
          <input type="checkbox" name="otherDomain" />
          This is a test order, paid in the other mode of Paystack. Ship it all the same.
        </label>
      ) : null}
    </StaffAction>
  );
}

/** Leave the courier empty for the shop's own rider. */
export function TrackingFields({
  carrier,
  trackingNumber,
}: {
  carrier?: string | null;
  trackingNumber?: string | null;
}) {
  const { data } = useQuery(carriersQuery);
  return (
    <>
      <TextField
        label="Courier"
        name="carrier"
        optional
        maxLength={100}
        autoComplete="off"
        list={CARRIER_LIST}
        defaultValue={carrier ?? ''}
        hint="Leave empty when our own rider brings it."
      />
      <datalist id={CARRIER_LIST}>
        {data?.carriers.map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <TextField
        label="Tracking number"
        name="trackingNumber"
        optional
        maxLength={100}
        autoComplete="off"
        defaultValue={trackingNumber ?? ''}
      />
    </>
  );
}

/** The entered carrier and number, without empty ones. */
export function trackingOf(form: FormData) {
  const [carrier, trackingNumber] = [textOf(form, 'carrier'), textOf(form, 'trackingNumber')];
  return { ...(carrier === '' ? {} : { carrier }), ...(trackingNumber === '' ? {} : { trackingNumber }) };
}

function UnitFields({ order: { items } }: { order: StaffOrder }) {
  const open = items.filter(({ toShip }) => toShip > 0);
  const units = open.reduce((sum, { toShip }) => sum + toShip, 0);
  if (units < 2) return null;
  return (
    <fieldset className="units">
      <legend>Units in it</legend>
      {open.map(({ lineId, productTitle, variantTitle, sku, toShip }) => (
        <label key={lineId} className="unit">
          <span>
            <bdi>{productTitle}</bdi>, <bdi>{variantTitle}</bdi> <span className="code">{sku}</span>
          </span>
          <span className="unit-count">
            <input type="number" name={nameOfLine(lineId)} min={0} max={toShip} defaultValue={toShip} required /> of{' '}
            {toShip}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

const nameOfLine = (lineId: number) => `line-${lineId}`;

function inputOf({ id, items }: StaffOrder, form: FormData) {
  const kind = form.get('kind') === 'pickup' ? ('pickup' as const) : ('parcel' as const);
  const entered = items.filter(({ lineId }) => form.has(nameOfLine(lineId)));
  const lines = entered
    .map(({ lineId }) => ({ lineId, quantity: Number(form.get(nameOfLine(lineId))) }))
    .filter(({ quantity }) => quantity > 0);
  if (entered.length > 0 && lines.length === 0) throw new FormError('Choose at least one unit.');
  return {
    id,
    kind,
    ...(entered.length === 0 ? {} : { lines }),
    ...(kind === 'parcel' ? trackingOf(form) : {}),
    ...(form.get('otherDomain') === null ? {} : { otherDomain: true }),
  };
}
