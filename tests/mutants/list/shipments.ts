/** Units, shipments and what may be taken back of them. */
import type { Mutant } from '../mutant.ts';

const units = {
  project: 'property',
  file: 'tests/property/units.test.ts',
  testNamePattern: 'over random histories the units add up',
};
const audit = { project: 'unit', file: 'tests/unit/audit-units.test.ts' };
const emails = { project: 'unit', file: 'tests/unit/email-templates.test.ts' };
const shipments = { project: 'component', file: 'tests/component/shipments.test.ts' };
const bulk = { project: 'faults', file: 'tests/faults/bulk-shipping.test.ts' };

export const SHIPMENT_MUTANTS: readonly Mutant[] = [
  {
    id: 'unit-shipped-twice',
    what: 'more units of a line are shipped than are left',
    edits: [
      {
        file: 'models/fulfilment/create-shipment.ts',
        find: '  if (quantity <= units.toShip) return;',
        replace: '  if (quantity <= units.ordered) return;',
      },
    ],
    caughtBy: units,
  },
  {
    id: 'void-after-refund',
    what: 'a shipment is voided although its units came back and were refunded',
    edits: [
      {
        file: 'models/fulfilment/void-shipment.ts',
        find: '  if (hasGivenBackUnits(order, shipment))',
        replace: '  if (hasGivenBackUnits(order, shipment) && order.refunds.length === 0)',
      },
    ],
    caughtBy: units,
  },
  {
    id: 'voided-units-count',
    what: 'units of a voided shipment count as shipped',
    edits: [
      {
        file: 'models/order/units.ts',
        find: '  return shipments.filter(({ voidedAt }) => voidedAt === undefined);',
        replace: '  return shipments.filter(({ shipmentId }) => shipmentId !== undefined);',
      },
    ],
    caughtBy: { ...units, testNamePattern: 'a delivered parcel that is voided' },
  },
  {
    id: 'status-not-derived',
    what: 'a change stores the given status, not that of the units',
    edits: [
      {
        file: 'models/order/order-write.ts',
        find: '    status: deriveStatus(changed),',
        replace: '    status: changed.status === "delivered" ? deriveStatus(changed) : changed.status,',
      },
    ],
    caughtBy: units,
  },
  {
    id: 'delivered-too-early',
    what: 'an order counts as delivered when one of its parcels arrived',
    edits: [
      {
        file: 'models/order/units.ts',
        find: "  return shipments.every(({ deliveredAt }) => deliveredAt !== undefined) ? 'delivered' : 'shipped';",
        replace: "  return shipments.some(({ deliveredAt }) => deliveredAt !== undefined) ? 'delivered' : 'shipped';",
      },
    ],
    caughtBy: { ...units, testNamePattern: 'two parcels, one delivered' },
  },
  {
    id: 'step-back-by-anything',
    what: 'any change may lead a delivered order back, and the audit agrees',
    edits: [
      {
        file: 'models/audit/history.ts',
        find: '!STEP_BACK_TYPES.has(type)',
        replace: '!STEP_BACK_TYPES.has(type) && seq === 0',
      },
    ],
    caughtBy: { ...audit, testNamePattern: 'leads back only by a voided shipment or an undone delivery' },
  },
  {
    id: 'units-unaudited',
    what: 'the audit accepts more units shipped than were ordered',
    edits: [
      {
        file: 'models/audit/units.ts',
        find: '...(toShip < 0 ?',
        replace: '...(toShip < -ordered ?',
      },
    ],
    caughtBy: { ...audit, testNamePattern: 'withdrawn and shipped' },
  },
  {
    id: 'status-of-units-unaudited',
    what: 'the audit accepts a status that does not follow from the units',
    edits: [
      {
        file: 'models/audit/units.ts',
        find: '  const problems = status === order.status ? [] :',
        replace: '  const problems = status === order.status || order.version > 0 ? [] :',
      },
    ],
    caughtBy: { ...audit, testNamePattern: 'all shipped, and the status does not follow' },
  },
  {
    id: 'shipment-key-ignored',
    what: 'a repeat under the same key ships again',
    edits: [
      {
        file: 'models/fulfilment/create-shipment.ts',
        find: 'keyed(request.key, unlessDone)',
        replace: 'unlessDone',
      },
    ],
    caughtBy: { ...shipments, testNamePattern: 'takes effect once, at once or later' },
  },
  {
    id: 'shipment-expect-ignored',
    what: 'a parcel leaves although its preview is outdated',
    edits: [
      {
        file: 'models/fulfilment/create-shipment.ts',
        find: '  const decide = expecting((order) => decideShipment(order, request), expected);',
        replace: '  const decide = expecting((order) => decideShipment(order, request), expected && undefined);',
      },
    ],
    caughtBy: { ...shipments, testNamePattern: 'of two packers who ship the same unit' },
  },
  {
    id: 'same-tracking-again',
    what: 'a row whose parcel was entered by hand is shipped again',
    edits: [
      {
        file: 'models/fulfilment/shipped-before.ts',
        find: '  if (trackingNumber === undefined) return false;',
        replace: '  if (trackingNumber === undefined || trackingNumber !== "") return false;',
      },
    ],
    caughtBy: { ...shipments, testNamePattern: 'have an outcome each, and the same file again' },
  },
  {
    id: 'row-failure-ends-call',
    what: 'one refused row ends the whole call',
    edits: [
      {
        file: 'server/trpc/ship-many.ts',
        find: '  for (const row of rows) outcomes.push(await shipRow(caller, row));',
        replace:
          '  for (const row of rows) outcomes.push(await shipRow(caller, row));\n  if (outcomes.some(({ error }) => error !== null)) throw notFound("Order");',
      },
    ],
    caughtBy: { ...shipments, testNamePattern: 'have an outcome each, and the same file again' },
  },
  {
    id: 'row-key-ignored',
    what: 'the same file again ships rows without a tracking number again',
    edits: [
      {
        file: 'server/trpc/ship-many.ts',
        find: '{ user, now, key: row.key }',
        replace: '{ user, now, key: app.random.id() }',
      },
    ],
    caughtBy: { ...bulk, testNamePattern: 'because the browser went away in the middle of a call' },
  },
  {
    id: 'refused-row-silent',
    what: 'a row that was refused is told as done before',
    edits: [
      {
        file: 'server/trpc/ship-many.ts',
        find: "outcome: 'refused', error: errorOfRow(caller, error), preview };",
        replace: "outcome: 'done_before', error: errorOfRow(caller, error), preview };",
      },
    ],
    caughtBy: { ...bulk, testNamePattern: 'each row ships once or says why not' },
  },
  {
    id: 'correction-untold',
    what: 'a number that is corrected after the email is not told',
    edits: [
      {
        file: 'models/messaging/email-outbox.ts',
        find: "    { _id: key, state: 'queued', claimedBy: { $exists: false }, attempts: 0 },",
        replace: '    { _id: key },',
      },
    ],
    caughtBy: { ...shipments, testNamePattern: 'is told once the email has left' },
  },
  {
    id: 'correction-told-twice',
    what: 'a correction owes an email although the first one still waits',
    edits: [
      {
        file: 'models/fulfilment/correct-shipment.ts',
        find: '    return (await change(false)).order;',
        replace: '    return (await change(true)).order;',
      },
    ],
    caughtBy: { ...shipments, testNamePattern: 'is the one that a waiting email gives' },
  },
  {
    id: 'test-order-shipped',
    what: 'an order of the other domain is shipped without a word',
    edits: [
      {
        file: 'models/fulfilment/create-shipment.ts',
        find: 'if (isOfOtherDomain(order, domain) && !otherDomain)',
        replace: 'if (isOfOtherDomain(order, domain) && !otherDomain && order.version < 0)',
      },
    ],
    caughtBy: { ...shipments, testNamePattern: 'paid in the other mode of Paystack' },
  },
  {
    id: 'tracking-number-missing-shown',
    what: 'an email has a line for a tracking number that there is none of',
    edits: [
      {
        file: 'server/email/templates/shipment-wording.ts',
        find: "  return trackingNumber === null ? [] : [['Tracking number', trackingNumber]];",
        replace: "  return [['Tracking number', trackingNumber ?? '-']];",
      },
    ],
    caughtBy: { ...emails, testNamePattern: 'a parcel without a number' },
  },
  {
    id: 'tracking-link-unescaped',
    what: 'a tracking number is put into the link as it is',
    edits: [
      {
        file: 'models/fulfilment/tracking-link.ts',
        find: '() => encodeURIComponent(trackingNumber)',
        replace: '() => trackingNumber',
      },
    ],
    caughtBy: { ...shipments, testNamePattern: 'links its parcels' },
  },
  {
    id: 'shipping-preview-writes',
    what: 'a preview of many rows ships them',
    edits: [
      {
        file: 'server/trpc/ship-many.ts',
        find: '    const preview = previewOf(order, (of) => decideShipment(of, request), await previewContext(app, now));\n',
        replace:
          '    const preview = previewOf(order, (of) => decideShipment(of, request), await previewContext(app, now));\n    await createShipment(app.db, order._id, request).catch(() => undefined);\n',
      },
    ],
    caughtBy: { ...shipments, testNamePattern: 'have an outcome each, and the same file again' },
  },
];
