/** The words of the emails about shipments: a parcel or a pick-up, of the whole order or of a part of it. */
import type { EmailContent, EmailShipment, EmailUnits } from './email-content.ts';
import type { Action, Message } from './message.ts';
import { oneLine } from './plain-text.ts';

type ShipmentContent = Extract<EmailContent, { shipment: EmailShipment }>;

/** `code` is one line. */
export function writeShipmentMessage({ kind, shipment }: ShipmentContent, code: string, viewOrder: Action): Message {
  const message = messageOf(kind, shipment, code);
  const track: Action[] =
    shipment.trackingUrl !== null && kind !== 'order_delivered' && shipment.state === 'under_way'
      ? [{ label: 'Track your parcel', url: shipment.trackingUrl }]
      : [];
  const [first = viewOrder, ...others] = [...track, viewOrder];
  return { ...message, lists: listsOf(kind, shipment), actions: [first, ...others] };
}

function messageOf(
  kind: ShipmentContent['kind'],
  shipment: EmailShipment,
  code: string,
): Omit<Message, 'actions' | 'lists'> {
  if (shipment.state === 'voided') return voided(shipment, code);
  switch (kind) {
    case 'order_shipped':
      return shipment.kind === 'pickup' ? readyToPickUp(shipment, code) : onItsWay(shipment, code);
    case 'order_delivered':
      if (shipment.state !== 'delivered') return notDelivered(shipment, code);
      return shipment.kind === 'pickup' ? pickedUp(shipment, code) : delivered(shipment, code);
    case 'tracking_corrected':
      return corrected(shipment, code);
  }
}

const partOr = ({ isWhole }: EmailShipment, whole: string, part: string) => (isWhole ? whole : part);

function onItsWay(shipment: EmailShipment, code: string): Omit<Message, 'actions' | 'lists'> {
  const { carrier, trackingNumber } = shipment;
  return {
    subject: `${partOr(shipment, 'Order', 'Part of order')} ${code} is on its way`,
    heading: partOr(shipment, 'Your order is on its way', 'Part of your order is on its way'),
    preview: carrier === null ? 'Our own rider brings it to you.' : `Sent with ${oneLine(carrier)}.`,
    paragraphs: [
      carrier === null ? 'Our own rider brings your parcel to you.' : 'We have handed your parcel to the carrier.',
    ],
    facts: trackingFacts(shipment),
    next:
      carrier === null || trackingNumber === null
        ? 'We will write again when it has arrived.'
        : 'With the tracking number the carrier can tell you where your parcel is.',
  };
}

function readyToPickUp(shipment: EmailShipment, code: string): Omit<Message, 'actions' | 'lists'> {
  return {
    subject: `${partOr(shipment, 'Order', 'Part of order')} ${code} is ready to be picked up`,
    heading: partOr(shipment, 'Your order is ready to be picked up', 'Part of your order is ready to be picked up'),
    preview: 'You can collect it now.',
    paragraphs: ['We have packed it, and it waits for you in our shop.'],
    facts: [['Order number', code]],
    next: 'Bring the order number with you when you collect it.',
  };
}

function delivered(shipment: EmailShipment, code: string): Omit<Message, 'actions' | 'lists'> {
  return {
    subject: `${partOr(shipment, 'Order', 'Part of order')} ${code} has been delivered`,
    heading: partOr(shipment, 'Your order has been delivered', 'Part of your order has been delivered'),
    preview: 'We hope that you like it.',
    paragraphs: ['Your parcel has arrived. We hope that you like what is in it.'],
    facts: [],
    next: 'If anything is missing or not as it should be, reply to this email and we will put it right.',
  };
}

function pickedUp(shipment: EmailShipment, code: string): Omit<Message, 'actions' | 'lists'> {
  return {
    subject: `${partOr(shipment, 'Order', 'Part of order')} ${code} has been picked up`,
    heading: partOr(shipment, 'Your order has been picked up', 'Part of your order has been picked up'),
    preview: 'We hope that you like it.',
    paragraphs: ['Thank you for collecting it. We hope that you like it.'],
    facts: [],
    next: 'If anything is missing or not as it should be, reply to this email and we will put it right.',
  };
}

function corrected(shipment: EmailShipment, code: string): Omit<Message, 'actions' | 'lists'> {
  const hasNumber = shipment.trackingNumber !== null;
  return {
    subject: `How order ${code} reaches you: a correction`,
    heading: 'A correction about your parcel',
    preview: hasNumber ? 'This is the right tracking number.' : 'What we told you about your parcel was wrong.',
    paragraphs: ['What we told you about the way of your parcel was wrong. We are sorry. This is right:'],
    facts: [['Carrier', shipment.carrier ?? 'Our own rider'], ...trackingNumberFact(shipment)],
    next: hasNumber
      ? 'With this tracking number the carrier can tell you where your parcel is.'
      : 'It has no tracking number. We will write again when it has arrived.',
  };
}

/** The email was still waiting, or is sent again, after staff took the record back. */
function voided({ kind }: EmailShipment, code: string): Omit<Message, 'actions' | 'lists'> {
  const isPickup = kind === 'pickup';
  return {
    subject: isPickup
      ? `Order ${code} is not ready to be picked up yet`
      : `A parcel of order ${code} is not on its way`,
    heading: isPickup ? 'Not ready to be picked up yet' : 'This parcel is not on its way',
    preview: 'We will write again.',
    paragraphs: [
      isPickup
        ? 'Your order was recorded as ready to be picked up by mistake. We are sorry.'
        : 'A parcel of your order was recorded as sent, and it is not on its way to you. We are sorry.',
    ],
    facts: [],
    next: 'You need not do anything. We will write again as soon as the items are ready.',
  };
}

function notDelivered({ kind }: EmailShipment, code: string): Omit<Message, 'actions' | 'lists'> {
  return {
    subject: `Order ${code} is still on its way to you`,
    heading: kind === 'pickup' ? 'Your order still waits for you' : 'Your parcel is still on its way',
    preview: 'It was recorded as delivered by mistake.',
    paragraphs: ['It was recorded as delivered by mistake. We are sorry.'],
    facts: [],
    next: 'You need not do anything. We will write again when it has arrived.',
  };
}

function trackingFacts(shipment: EmailShipment): Message['facts'] {
  return [
    ...(shipment.carrier === null ? [] : [['Carrier', shipment.carrier] satisfies [string, string]]),
    ...trackingNumberFact(shipment),
  ];
}

function trackingNumberFact({ trackingNumber }: EmailShipment): Message['facts'] {
  return trackingNumber === null ? [] : [['Tracking number', trackingNumber]];
}

/** A part says what is in it; while others are still to come, they are named too. */
function listsOf(kind: ShipmentContent['kind'], shipment: EmailShipment): NonNullable<Message['lists']> {
  if (shipment.isWhole) return [];
  const inIt = shipment.kind === 'pickup' ? 'To be picked up' : 'In this parcel';
  const lists: NonNullable<Message['lists']> = [[inIt, shipment.units.map(nameOf)]];
  if (kind !== 'tracking_corrected' && shipment.state !== 'voided' && shipment.remaining.length > 0)
    lists.push(['Still to come', shipment.remaining.map(nameOf)]);
  return lists;
}

function nameOf({ title, variant, quantity }: EmailUnits): string {
  return `${quantity} × ${[oneLine(title), oneLine(variant)].filter((part) => part !== '').join(', ')}`;
}
