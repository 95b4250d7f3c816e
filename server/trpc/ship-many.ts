/** Ships many orders in one call. Each row stands alone: its failure is its own, and its key makes a repeat harmless. */
import { Types } from 'mongoose';
import type { z } from 'zod';
import { afterChange } from '../../jobs/payments/after-change.ts';
import type {
  previewShipManyInput,
  previewShipManyOutput,
  shipManyInput,
  shipManyOutput,
} from '../../models/contract/staff/shipments.ts';
import { isAppError, notFound } from '../../models/errors.ts';
import { createShipment, decideShipment } from '../../models/fulfilment/create-shipment.ts';
import { isShippedBefore } from '../../models/fulfilment/shipped-before.ts';
import { referenceOf } from '../../models/order/ids/reference.ts';
import type { Order } from '../../models/order/order-document.ts';
import { findOrderByReference, getCommittedOrder, getOrder } from '../../models/order/queries/find-order.ts';
import { previewOf } from '../../models/staff-actions/preview.ts';
import type { AppContext } from '../context/app-context.ts';
import { classifyError } from '../http/classify-error.ts';
import { toShipmentRequest } from './shipment-requests.ts';
import { expectedBy, previewContext } from './staff-requests.ts';
import { logFailure } from './trpc.ts';

interface Caller {
  app: AppContext;
  user: { _id: Types.ObjectId };
  requestId: string;
}

type Row = z.output<typeof shipManyInput>['rows'][number];
type Outcome = z.input<typeof shipManyOutput>['rows'][number];
type PreviewedRow = z.input<typeof previewShipManyOutput>['rows'][number];

/** One row after the other: a later row of the same order is decided on what the earlier one left. */
export async function shipMany(caller: Caller, rows: readonly Row[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const row of rows) outcomes.push(await shipRow(caller, row));
  return outcomes;
}

async function shipRow(caller: Caller, row: Row): Promise<Outcome> {
  const { app, user } = caller;
  let order: Order | null = null;
  try {
    const now = app.clock.now();
    order = await orderOfRow(app, row);
    const request = await toShipmentRequest(app, order._id, row, { user, now, key: row.key });
    const expected = await expectedBy(app, row, now);
    const { order: after, changed } = await createShipment(
      app.db,
      order._id,
      { ...request, isDone: (current) => isShippedBefore(current, request) },
      expected,
    );
    if (changed) await afterChange(app, after, { kind: 'requested', refundId: '' });
    return { order: shown(order), outcome: changed ? 'shipped' : 'done_before', error: null, preview: null };
  } catch (error) {
    const preview = isAppError(error, 'PREVIEW_OUTDATED') ? (error.details?.preview ?? null) : null;
    return { order: shown(order), outcome: 'refused', error: errorOfRow(caller, error), preview };
  }
}

export async function previewShipMany(
  caller: Caller,
  rows: z.output<typeof previewShipManyInput>['rows'],
): Promise<PreviewedRow[]> {
  return Promise.all(rows.map((row) => previewRow(caller, row)));
}

async function previewRow(
  caller: Caller,
  row: z.output<typeof previewShipManyInput>['rows'][number],
): Promise<PreviewedRow> {
  const { app, user } = caller;
  let order: Order | null = null;
  try {
    const now = app.clock.now();
    order = await getCommittedOrder(app.db, (await orderOfRow(app, row))._id);
    const request = await toShipmentRequest(app, order._id, row, { user, now });
    const preview = previewOf(order, (of) => decideShipment(of, request), await previewContext(app, now));
    if (isShippedBefore(order, request)) return { order: shown(order), outcome: 'done_before', error: null, preview };
    return { order: shown(order), outcome: preview.why === null ? 'ships' : 'refused', error: null, preview };
  } catch (error) {
    return { order: shown(order), outcome: 'refused', error: errorOfRow(caller, error), preview: null };
  }
}

/** Every order keeps its first reference, by which its code is found. Throws NOT_FOUND. */
async function orderOfRow({ db }: AppContext, { id, code }: Pick<Row, 'id' | 'code'>): Promise<Order> {
  if (id !== undefined) return getOrder(db, new Types.ObjectId(id));
  const order = await findOrderByReference(db, referenceOf(code ?? '', 1));
  if (order === null) throw notFound('Order');
  return order;
}

function shown(order: Order | null): Outcome['order'] {
  return order === null ? null : { id: String(order._id), code: order.code };
}

function errorOfRow({ app, requestId }: Caller, error: unknown): NonNullable<Outcome['error']> {
  logFailure({ app, requestId }, error, 'admin.shipMany');
  const { code: errorCode, message } = classifyError(error, requestId).wire;
  return { errorCode, message };
}
