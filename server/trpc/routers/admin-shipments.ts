/**
 * admin: the staff's actions on shipments, their previews, and the carriers. An action returns the changed order and may
 * be repeated; what a repeat would do twice has a key.
 */
import { Types } from 'mongoose';
import type { Permission } from '../../../models/contract/permissions.ts';
import { actionPreview } from '../../../models/contract/staff/action-preview.ts';
import {
  carriersView,
  correctShipmentInput,
  deliverInput,
  previewShipInput,
  previewShipManyInput,
  previewShipManyOutput,
  previewVoidShipmentInput,
  setCarriersInput,
  setCarriersOutput,
  shipInput,
  shipManyInput,
  shipManyOutput,
  undoDeliverInput,
  voidShipmentInput,
} from '../../../models/contract/staff/shipments.ts';
import { staffOrderView } from '../../../models/contract/staff-orders.ts';
import { correctShipment } from '../../../models/fulfilment/correct-shipment.ts';
import { createShipment, decideShipment } from '../../../models/fulfilment/create-shipment.ts';
import { deliverShipment, undoDelivery } from '../../../models/fulfilment/deliver-shipment.ts';
import { decideVoid, voidShipment } from '../../../models/fulfilment/void-shipment.ts';
import { staffActor } from '../../../models/order/history.ts';
import { changeCarriers } from '../../../models/settings/change-carriers.ts';
import { readSettings } from '../../../models/settings/settings.ts';
import { actOnOrder } from '../act-on-order.ts';
import { previewShipMany, shipMany } from '../ship-many.ts';
import { toCorrectionRequest, toShipmentRequest, toUndoRequest } from '../shipment-requests.ts';
import { expectedBy, previewChange } from '../staff-requests.ts';
import { router, staffProcedure } from '../trpc.ts';

const orderId = (id: string) => new Types.ObjectId(id);

const staffAction = (permission: Permission) => staffProcedure(permission).output(staffOrderView);
/** The permission is that of the action itself. */
const preview = (permission: Permission) => staffProcedure(permission).output(actionPreview);

export const adminShipmentsRouter = router({
  /** Records that units left, or are ready to be picked up: all that is left to ship, or the given lines. */
  ship: staffAction('ship')
    .input(shipInput)
    .mutation(({ ctx: { app, user }, input: { id, key, ...input } }) =>
      actOnOrder({ app, user }, async (now) => {
        const request = await toShipmentRequest(app, orderId(id), input, { user, now, key });
        return (await createShipment(app.db, orderId(id), request, await expectedBy(app, input, now))).order;
      }),
    ),

  /** Ships many orders. Each row has an outcome of its own; a row that was done before changes nothing. */
  shipMany: staffProcedure('shipMany')
    .input(shipManyInput)
    .output(shipManyOutput)
    .mutation(async ({ ctx, input }) => ({ rows: await shipMany(ctx, input.rows) })),

  /** Corrects carrier and tracking number of a parcel; a missing one is removed. */
  correctShipment: staffAction('correctShipment')
    .input(correctShipmentInput)
    .mutation(({ ctx: { app, user }, input }) =>
      actOnOrder({ app, user }, async (now) =>
        correctShipment(app.db, orderId(input.id), await toCorrectionRequest(app, input, { user, now })),
      ),
    ),

  /** Voids a shipment: its units are to be shipped again. */
  voidShipment: staffAction('voidShipment')
    .input(voidShipmentInput)
    .mutation(({ ctx: { app, user }, input }) =>
      actOnOrder({ app, user }, async (now) =>
        voidShipment(app.db, orderId(input.id), toUndoRequest(input, { user, now }), await expectedBy(app, input, now)),
      ),
    ),

  /** Records that a parcel arrived or a pick-up was collected. */
  deliver: staffAction('deliver')
    .input(deliverInput)
    .mutation(({ ctx: { app, user }, input: { id, shipmentId } }) =>
      actOnOrder({ app, user }, (now) => {
        const named = shipmentId === undefined ? {} : { shipmentId };
        return deliverShipment(app.db, orderId(id), { ...named, actor: staffActor(user._id), now });
      }),
    ),

  /** Takes back a delivery that was recorded by mistake. */
  undoDeliver: staffAction('undoDeliver')
    .input(undoDeliverInput)
    .mutation(({ ctx: { app, user }, input }) =>
      actOnOrder({ app, user }, (now) => undoDelivery(app.db, orderId(input.id), toUndoRequest(input, { user, now }))),
    ),

  previewShip: preview('ship')
    .input(previewShipInput)
    .mutation(async ({ ctx: { app, user }, input }) => {
      const now = app.clock.now();
      const request = await toShipmentRequest(app, orderId(input.id), input, { user, now });
      return previewChange(app, input.id, now, (order) => decideShipment(order, request));
    }),

  previewShipMany: staffProcedure('shipMany')
    .input(previewShipManyInput)
    .output(previewShipManyOutput)
    .mutation(async ({ ctx, input }) => ({ rows: await previewShipMany(ctx, input.rows) })),

  previewVoidShipment: preview('voidShipment')
    .input(previewVoidShipmentInput)
    .mutation(({ ctx: { app, user }, input }) => {
      const request = toUndoRequest(input, { user, now: app.clock.now() });
      return previewChange(app, input.id, request.now, (order) => decideVoid(order, request));
    }),

  /** The carriers with a link, for the form that ships. */
  carriers: staffProcedure('viewOrders')
    .output(carriersView)
    .query(async ({ ctx: { app } }) => {
      const { version, carriers } = await readSettings(app.db, app.defaultSettings);
      return { version, carriers };
    }),

  /** Replaces the carriers. Parcels that left before keep the links that they have. */
  setCarriers: staffProcedure('settings')
    .input(setCarriersInput)
    .output(setCarriersOutput)
    .mutation(async ({ ctx: { app, user }, input: { version, carriers } }) => {
      const change = { version, carriers, changedBy: String(user._id), now: app.clock.now() };
      const { outcome, settings } = await changeCarriers(app.db, app.defaultSettings, change);
      return { outcome, version: settings.version, carriers: settings.carriers };
    }),
});
