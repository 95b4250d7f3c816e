/** Inputs and outputs of the `admin` router's procedures on shipments and carriers. */
import { z } from 'zod';
import { ERROR_CODES } from '../errors.ts';
import { actionKey, count, defaulted, objectId, optional, orderCode, quantity, text } from '../fields.ts';
import { MAX_CARRIERS, MAX_CART_LINES, MAX_LENGTH, MAX_SHIP_ROWS } from '../limits.ts';
import { shipmentView } from '../orders.ts';
import { SHIPMENT_KINDS } from '../statuses.ts';
import { actionPreview, expectInput } from './action-preview.ts';

/** The id of the key that the shipment was created with. */
const shipmentId = actionKey;

const tracking = {
  /** The shop's own rider when missing. */
  carrier: optional(text(MAX_LENGTH.carrier)),
  trackingNumber: optional(text(MAX_LENGTH.trackingNumber)),
};

const shipped = {
  kind: defaulted(z.enum(SHIPMENT_KINDS), () => 'parcel' as const),
  /** Each line once; all that is left to ship when missing. */
  lines: optional(
    z
      .array(z.strictObject({ lineId: z.int().min(1).max(MAX_CART_LINES), quantity }))
      .min(1)
      .max(MAX_CART_LINES),
  ),
  ...tracking,
  /** Ships an order although its charge is of the other domain than the shop's key: a test order of a live shop. */
  otherDomain: optional(z.boolean()),
};

interface ShippedInput {
  kind: string;
  lines?: { lineId: number }[] | undefined;
  carrier?: string | undefined;
  trackingNumber?: string | undefined;
}

const hasTrackingOfKind = ({ kind, carrier, trackingNumber }: ShippedInput) =>
  kind === 'parcel' || (carrier === undefined && trackingNumber === undefined);
const PICKUP_PROBLEM = { path: ['kind'], error: 'a pick-up has no carrier and no tracking number' };

const namesLinesOnce = ({ lines = [] }: ShippedInput) =>
  new Set(lines.map(({ lineId }) => lineId)).size === lines.length;
const LINES_PROBLEM = { path: ['lines'], error: 'must name each line once' };

const withRules = <T extends z.ZodType<ShippedInput>>(input: T) =>
  input.refine(hasTrackingOfKind, PICKUP_PROBLEM).refine(namesLinesOnce, LINES_PROBLEM);

/** As previewed; the action itself takes `key` and `expect` too. */
export const previewShipInput = withRules(z.strictObject({ id: objectId, ...shipped }));

const expect = optional(expectInput);

export const shipInput = withRules(z.strictObject({ id: objectId, ...shipped, key: actionKey, expect }));

const rowOrder = {
  id: optional(objectId),
  code: optional(orderCode),
};
const namesOneOrder = ({ id, code }: { id?: string | undefined; code?: string | undefined }) =>
  (id === undefined) !== (code === undefined);
const ORDER_PROBLEM = { path: ['id'], error: 'must name the order by its id or its code' };

const rows = <T extends z.ZodType>(row: T) => z.strictObject({ rows: z.array(row).min(1).max(MAX_SHIP_ROWS) });

export const previewShipManyInput = rows(
  withRules(z.strictObject({ ...rowOrder, ...shipped })).refine(namesOneOrder, ORDER_PROBLEM),
);

export const shipManyInput = rows(
  withRules(z.strictObject({ ...rowOrder, ...shipped, key: actionKey, expect })).refine(namesOneOrder, ORDER_PROBLEM),
);

/** The row's order; null when there is none. */
const shownOrder = z.strictObject({ id: objectId, code: z.string() }).nullable();
const rowError = z.strictObject({ errorCode: z.enum(ERROR_CODES), message: z.string() });

/** One entry for each row, in the order of the rows. */
export const shipManyOutput = z.strictObject({
  rows: z.array(
    z.strictObject({
      order: shownOrder,
      /** `done_before`: by a call with this key, or by a shipment with this tracking number. */
      outcome: z.enum(['shipped', 'done_before', 'refused']),
      /** Of a refused row. */
      error: rowError.nullable(),
      /** The effects that a row which was refused with PREVIEW_OUTDATED has now. */
      preview: actionPreview.nullable(),
    }),
  ),
});

export const previewShipManyOutput = z.strictObject({
  rows: z.array(
    z.strictObject({
      order: shownOrder,
      outcome: z.enum(['ships', 'done_before', 'refused']),
      error: rowError.nullable(),
      preview: actionPreview.nullable(),
    }),
  ),
});

export const correctShipmentInput = z.strictObject({ id: objectId, shipmentId, ...tracking });

/** `shipmentId` may be left out when one shipment alone is under way. */
export const deliverInput = z.strictObject({ id: objectId, shipmentId: optional(shipmentId) });

export const undoDeliverInput = z.strictObject({ id: objectId, shipmentId, reason: text(MAX_LENGTH.note) });

export const previewVoidShipmentInput = undoDeliverInput;

export const voidShipmentInput = undoDeliverInput.extend({ expect });

export const staffShipment = shipmentView.extend({
  /** As the timeline's `actor`. */
  by: z.string(),
  voidedAt: z.iso.datetime().nullable(),
  /** Staff's words on why it was voided or its delivery undone, oldest first. */
  reasons: z.array(z.string()),
});

/** The place of the parcel's number in a carrier's link. */
export const TRACKING_PLACE = '{tracking}';

/** An https address that holds TRACKING_PLACE, and not in its host. */
export function isTrackingTemplate(template: string): boolean {
  const [one, other] = ['a', 'b'].map((number) => urlOf(template.replaceAll(TRACKING_PLACE, number)));
  if (!one || !other || one.protocol !== 'https:') return false;
  return one.host === other.host && one.href !== other.href;
}

function urlOf(address: string): URL | null {
  return URL.canParse(address) ? new URL(address) : null;
}

const carrier = z.strictObject({
  name: text(MAX_LENGTH.carrier),
  /** The address of a parcel's tracking page, with `{tracking}` in the place of its number. */
  trackingUrl: optional(
    z
      .string()
      .trim()
      .max(MAX_LENGTH.trackingUrl)
      .refine(isTrackingTemplate, `must be an https address with ${TRACKING_PLACE} in the place of the number`),
  ),
});

/** `version`: of the settings as they were seen; 0 before their first change. */
export const setCarriersInput = z.strictObject({ version: count, carriers: z.array(carrier).max(MAX_CARRIERS) });

export const carriersView = z.strictObject({
  version: count,
  carriers: z.array(z.strictObject({ name: z.string(), trackingUrl: z.string().optional() })),
});

/** `outdated`: another change came first, and nothing was changed; the carriers are as they are now. */
export const setCarriersOutput = carriersView.extend({ outcome: z.enum(['changed', 'outdated']) });
