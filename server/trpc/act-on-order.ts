import type { z } from 'zod';
import { afterChange } from '../../jobs/payments/after-change.ts';
import type { StaffRole } from '../../models/contract/permissions.ts';
import type { staffOrderView } from '../../models/contract/staff-orders.ts';
import type { Order } from '../../models/order/order-document.ts';
import { readOrderRecords } from '../../models/order/queries/order-records.ts';
import type { AppContext } from '../context/app-context.ts';
import { readActorNames } from './views/actor-view.ts';
import { toStaffOrderView } from './views/staff-order-view.ts';

interface StaffContext {
  app: AppContext;
  user: { role: StaffRole; refundLimit?: number };
}

type StaffView = z.input<typeof staffOrderView>;

/** Makes the change and returns the changed order. A refund that the change requests gets `refundId` as its id. */
export async function actOnOrder(
  ctx: StaffContext,
  change: (now: Date, refundId: string) => Promise<Order>,
  detailsOf: (order: Order) => { settles?: string } = () => ({}),
): Promise<StaffView> {
  const { app } = ctx;
  const refundId = app.random.id();
  const order = await change(app.clock.now(), refundId);
  await afterChange(app, order, { kind: 'requested', refundId, ...detailsOf(order) });
  return viewForStaff(ctx, order);
}

export async function viewForStaff({ app, user }: StaffContext, order: Order): Promise<StaffView> {
  const { paystackDomain: domain, shopTimeZone: timeZone } = app.config;
  const at = { now: app.clock.now(), domain, timeZone, ...user };
  const [records, names] = await Promise.all([readOrderRecords(app.db, order), readActorNames(app.db, order)]);
  return toStaffOrderView(order, records, { ...at, names });
}
