/** The shipments of an order, with what may be done to each. */
import type { StaffShipment } from '@orders-module/client';
import { client } from '../../../parts/data/client.ts';
import { TextField } from '../../../parts/ui/field.tsx';
import { Instant } from '../../../parts/ui/instant.tsx';
import { isAllowed } from '../data/staff-actions.ts';
import { Panel } from '../ui/panel.tsx';
import { StaffAction } from '../ui/staff-action.tsx';
import { type OrderActionProps, textOf } from './actions/action-props.ts';
import { TrackingFields, trackingOf } from './actions/ship.tsx';

export function Shipments({ order, onDone }: OrderActionProps) {
  const { shipments, items } = order;
  if (shipments.length === 0) return null;
  return (
    <Panel id="shipments" title="Shipments">
      <ul className="entries">
        {shipments.map((shipment, index) => (
          <li key={shipment.id} className="entry shipment">
            <div>
              <p className="entry-title">
                {nameOf(shipment, index)} <span className="badge">{stateOf(shipment)}</span>
              </p>
              <Tracking shipment={shipment} />
              <ul className="plain-list faint">
                {shipment.lines.map(({ lineId, quantity }) => (
                  <li key={lineId}>
                    {quantity} × <bdi>{items[lineId - 1]?.productTitle}</bdi>,{' '}
                    <bdi>{items[lineId - 1]?.variantTitle}</bdi>
                  </li>
                ))}
              </ul>
              <p className="faint">
                {shipment.kind === 'pickup' ? 'Ready' : 'Sent'} <Instant at={shipment.shippedAt} />
                {shipment.deliveredAt === null ? null : (
                  <>
                    , {shipment.kind === 'pickup' ? 'collected' : 'delivered'} <Instant at={shipment.deliveredAt} />
                  </>
                )}
              </p>
              {shipment.reasons.map((reason) => (
                <p key={reason} className="faint">
                  <bdi>{reason}</bdi>
                </p>
              ))}
            </div>
            <ShipmentActions order={order} shipment={shipment} about={nameOf(shipment, index)} onDone={onDone} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

const nameOf = ({ kind }: StaffShipment, index: number) => `${kind === 'pickup' ? 'Pick-up' : 'Parcel'} ${index + 1}`;

function stateOf({ kind, deliveredAt, voidedAt }: StaffShipment): string {
  if (voidedAt !== null) return 'voided';
  if (kind === 'pickup') return deliveredAt === null ? 'ready' : 'collected';
  return deliveredAt === null ? 'on its way' : 'delivered';
}

function Tracking({ shipment: { kind, carrier, trackingNumber, trackingUrl } }: { shipment: StaffShipment }) {
  if (kind === 'pickup') return null;
  return (
    <p>
      {carrier === null ? 'Our own rider' : <bdi>{carrier}</bdi>}
      {trackingNumber === null ? null : (
        <>
          , <TrackingNumber number={trackingNumber} url={trackingUrl} />
        </>
      )}
    </p>
  );
}

function TrackingNumber({ number, url }: { number: string; url: string | null }) {
  if (url === null) return <span className="code">{number}</span>;
  return (
    <a href={url} rel="noreferrer" className="code">
      {number}
    </a>
  );
}

function ShipmentActions(props: OrderActionProps & { shipment: StaffShipment; about: string }) {
  const { order, shipment, about, onDone } = props;
  const { id } = order;
  const named = { id, shipmentId: shipment.id };
  const common = { orderId: id, about, onDone, working: 'Saving…' };
  const isPickup = shipment.kind === 'pickup';
  return (
    <div className="actions">
      <StaffAction
        {...common}
        offered={isAllowed(order, 'deliver', shipment.id)}
        label={isPickup ? 'Mark as collected' : 'Mark as delivered'}
        title={isPickup ? 'Was it collected?' : 'Has it arrived?'}
        act={() => client.admin.deliver.mutate(named)}
        done={isPickup ? 'Marked as collected.' : 'Marked as delivered. The customer is told by email.'}
      >
        <p>The customer is told by email.</p>
      </StaffAction>
      <StaffAction
        {...common}
        offered={isAllowed(order, 'correctShipment', shipment.id)}
        label="Correct tracking"
        title={`Correct the tracking of ${about}`}
        act={(form) => client.admin.correctShipment.mutate({ ...named, ...trackingOf(form) })}
        done="Corrected. A customer who was told the old number gets an email."
      >
        <TrackingFields carrier={shipment.carrier} trackingNumber={shipment.trackingNumber} />
      </StaffAction>
      <StaffAction
        {...common}
        offered={isAllowed(order, 'undoDeliver', shipment.id)}
        label={isPickup ? 'Not collected' : 'Not delivered'}
        title="Take this back?"
        act={(form) => client.admin.undoDeliver.mutate({ ...named, reason: textOf(form, 'reason') })}
        done="Taken back."
      >
        <ReasonField />
      </StaffAction>
      <StaffAction
        {...common}
        offered={isAllowed(order, 'voidShipment', shipment.id)}
        label="Void"
        title={`Void ${about}?`}
        dangerous
        preview={(form) => client.admin.previewVoidShipment.mutate({ ...named, reason: textOf(form, 'reason') })}
        act={(form, shown) => client.admin.voidShipment.mutate({ ...named, reason: textOf(form, 'reason'), ...shown })}
        done="Voided. Its units are to be shipped again."
      >
        <p>Its units are to be shipped again. No email is sent.</p>
        <ReasonField />
      </StaffAction>
    </div>
  );
}

function ReasonField() {
  return <TextField label="Reason, for our own books" name="reason" required maxLength={200} autoComplete="off" />;
}
