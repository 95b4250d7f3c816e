/** The input of a staff action on shipments as the request that models decide on, the same for the action and its preview. */
import type { Types } from 'mongoose';
import type { z } from 'zod';
import { type ActionKey, toActionKey } from '../../models/action-key.ts';
import type {
  correctShipmentInput,
  previewShipInput,
  undoDeliverInput,
} from '../../models/contract/staff/shipments.ts';
import type { CorrectionRequest } from '../../models/fulfilment/correct-shipment.ts';
import type { ShipmentRequest, Tracking } from '../../models/fulfilment/create-shipment.ts';
import type { UndoRequest } from '../../models/fulfilment/deliver-shipment.ts';
import { trackingLink } from '../../models/fulfilment/tracking-link.ts';
import { staffActor } from '../../models/order/history.ts';
import type { AppContext } from '../context/app-context.ts';

interface By {
  user: { _id: Types.ObjectId };
  now: Date;
}

type ShipInput = Omit<z.output<typeof previewShipInput>, 'id'>;

/** A preview has no key. */
export async function toShipmentRequest(
  app: AppContext,
  orderId: Types.ObjectId,
  { kind, lines, carrier, trackingNumber, otherDomain = false }: ShipInput,
  { user, now, key }: By & { key?: string },
): Promise<ShipmentRequest> {
  return {
    kind,
    ...(lines === undefined ? {} : { lines }),
    ...(await toTracking(app, { carrier, trackingNumber })),
    key: keyOf(key, { orderId, kind, lines, carrier, trackingNumber, otherDomain }),
    domain: app.config.paystackDomain,
    otherDomain,
    actor: staffActor(user._id),
    now,
  };
}

function keyOf(key: string | undefined, input: object): ActionKey {
  return toActionKey(key ?? 'preview', { action: 'ship', ...input });
}

export async function toCorrectionRequest(
  app: AppContext,
  { shipmentId, carrier, trackingNumber }: z.output<typeof correctShipmentInput>,
  { user, now }: By,
): Promise<CorrectionRequest> {
  return { shipmentId, ...(await toTracking(app, { carrier, trackingNumber })), actor: staffActor(user._id), now };
}

export function toUndoRequest(
  { shipmentId, reason }: z.output<typeof undoDeliverInput>,
  { user, now }: By,
): UndoRequest {
  return { shipmentId, reason, actor: staffActor(user._id), now };
}

/** With the link of the carrier, as the settings have it now. */
async function toTracking(
  app: AppContext,
  { carrier, trackingNumber }: { carrier: string | undefined; trackingNumber: string | undefined },
): Promise<Tracking> {
  const { carriers } = await app.settings();
  const trackingUrl = trackingLink(carriers, { carrier, trackingNumber });
  return {
    ...(carrier === undefined ? {} : { carrier }),
    ...(trackingNumber === undefined ? {} : { trackingNumber }),
    ...(trackingUrl === undefined ? {} : { trackingUrl }),
  };
}
