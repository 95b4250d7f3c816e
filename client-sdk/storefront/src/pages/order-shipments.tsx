import type { Order, OrderShipment } from '@orders-module/client';
import { Instant } from '../../../parts/ui/instant.tsx';

/** The parcels of an order and what still comes. */
export function Shipments({ order }: { order: Order }) {
  const { shipments, partial } = order;
  if (shipments.length === 0) return null;
  return (
    <>
      {shipments.map((shipment, index) => (
        <Shipment key={shipment.id} order={order} shipment={shipment} title={titleOf(shipments, shipment, index)} />
      ))}
      {partial ? <StillToCome order={order} /> : null}
    </>
  );
}

function titleOf(shipments: readonly OrderShipment[], { kind }: OrderShipment, index: number): string {
  const name = kind === 'pickup' ? 'Pick-up' : 'Parcel';
  return shipments.length === 1 ? name : `${name} ${index + 1} of ${shipments.length}`;
}

function Shipment({ order, shipment, title }: { order: Order; shipment: OrderShipment; title: string }) {
  const { id, kind, carrier, trackingNumber, trackingUrl, shippedAt, deliveredAt, lines } = shipment;
  const isWhole = order.shipments.length === 1 && !order.partial;
  return (
    <section className="panel" aria-labelledby={`shipment-${id}`}>
      <h2 id={`shipment-${id}`}>{title}</h2>
      <dl className="facts">
        {kind === 'pickup' ? null : (
          <div>
            <dt>Brought by</dt>
            <dd>{carrier === null ? 'Our own rider' : <bdi>{carrier}</bdi>}</dd>
          </div>
        )}
        {trackingNumber === null ? null : (
          <div>
            <dt>Tracking number</dt>
            <dd>
              <span className="code">{trackingNumber}</span>
            </dd>
          </div>
        )}
        <div>
          <dt>{kind === 'pickup' ? 'Ready' : 'Sent'}</dt>
          <dd>
            <Instant at={shippedAt} />
          </dd>
        </div>
        {deliveredAt === null ? null : (
          <div>
            <dt>{kind === 'pickup' ? 'Collected' : 'Delivered'}</dt>
            <dd>
              <Instant at={deliveredAt} />
            </dd>
          </div>
        )}
      </dl>
      {trackingUrl === null || deliveredAt !== null ? null : (
        <p className="parcel-link">
          <a href={trackingUrl} rel="noreferrer">
            Track this parcel
          </a>
        </p>
      )}
      {isWhole ? null : <Units order={order} lines={lines} />}
    </section>
  );
}

function StillToCome({ order }: { order: Order }) {
  const lines = order.items
    .filter(({ toShip }) => toShip > 0)
    .map(({ lineId, toShip }) => ({ lineId, quantity: toShip }));
  return (
    <section className="panel" aria-labelledby="still-to-come">
      <h2 id="still-to-come">Still to come</h2>
      <Units order={order} lines={lines} />
    </section>
  );
}

function Units({ order: { items }, lines }: { order: Order; lines: OrderShipment['lines'] }) {
  return (
    <ul className="plain-list parcel-units">
      {lines.map(({ lineId, quantity }) => {
        const { productTitle, variantTitle } = items[lineId - 1] ?? {};
        return (
          <li key={lineId}>
            {quantity} × <bdi>{[productTitle, variantTitle].filter(Boolean).join(', ')}</bdi>
          </li>
        );
      })}
    </ul>
  );
}
