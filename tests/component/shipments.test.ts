/**
 * Orders leave in several shipments: parcels and pick-ups with their own lines, tracking and emails. A key takes effect
 * once, a preview that is outdated not at all, and what was recorded by mistake can be taken back.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runEmailsOnce } from '../../jobs/send-emails.ts';
import { correctShipment } from '../../models/fulfilment/correct-shipment.ts';
import { createShipment } from '../../models/fulfilment/create-shipment.ts';
import { OrderConflict } from '../../models/order/guards.ts';
import { aParcelOf, newActionKey } from '../support/action-keys.ts';
import { afterReadingOrder } from '../support/interleaving.ts';
import { aShipmentRequest } from '../support/orders.ts';
import {
  buy,
  type Checkout,
  checkOut,
  errorCodeOf,
  expectAllConsistent,
  mailKinds,
  mailsTo,
  orderOf,
  type Shop,
  startTestShop,
  theMail,
  work,
} from '../support/shopping.ts';
import { everything } from '../support/stocked-variant.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
  const carriers = [{ name: 'GIG Logistics', trackingUrl: 'https://gig.example/track?n={tracking}' }];
  const owner = await shop.signUp({ role: 'owner' });
  const { version } = await owner.client.admin.carriers.query();
  await owner.client.admin.setCarriers.mutate({ version, carriers });
  shop.clock.advance(5_001);
});
afterAll(() => shop.stop());

const admin = () => shop.staff.client.admin;
const one = (quantity: number) => [{ lineId: 1, quantity }];
const seenBy = ({ shopper, orderId: id }: Checkout) => shopper.client.orders.get.query({ id });
const historyOf = async (checkout: Checkout) => (await orderOf(shop, checkout)).history.map(({ type }) => type);

/** Ships some units. Returns the id of the shipment. */
async function shipSome({ orderId }: Checkout, quantity: number, trackingNumber = 'T-1'): Promise<string> {
  const parcel = { ...aParcelOf(orderId, trackingNumber), lines: one(quantity) };
  await admin().ship.mutate(parcel);
  return parcel.key;
}

test('an order of three leaves in two parcels; each email says what is in it, and the status follows from the units', async () => {
  const checkout = await buy(shop, { quantity: 3 });
  const { orderId: id, shopper } = checkout;
  const first = await shipSome(checkout, 1, 'T-1');
  expect(await seenBy(checkout)).toMatchObject({
    status: 'confirmed',
    partial: true,
    items: [{ lineId: 1, quantity: 3, shipped: 1, toShip: 2, withdrawn: 0, givenBack: 0 }],
    shipments: [{ id: first, kind: 'parcel', lines: one(1), carrier: 'GIG', trackingNumber: 'T-1' }],
  });
  await work(shop);
  const part = theMail(shop, shopper, 'order_shipped');
  expect(part.subject).toContain(`Part of order ${checkout.code} is on its way`);
  expect(part.text).toMatch(/In this parcel:\n {2}1 × .*\n\nStill to come:\n {2}2 × /);

  await admin().deliver.mutate({ id });
  expect((await orderOf(shop, checkout)).status).toBe('confirmed');
  const { status, shipments, partial } = await admin().ship.mutate(aParcelOf(id, 'T-2'));
  expect({ status, partial }).toEqual({ status: 'shipped', partial: false });
  expect(shipments.map(({ lines, deliveredAt }) => [lines, deliveredAt !== null])).toEqual([
    [one(1), true],
    [one(2), false],
  ]);
  expect((await admin().deliver.mutate({ id })).status).toBe('delivered');
  await work(shop);
  const [, second] = mailsTo(shop, shopper).filter(({ key }) => key?.includes('order_shipped'));
  expect(second?.text).toContain('T-2');
  expect(second?.text).toMatch(/In this parcel:\n {2}2 × /);
  expect(second?.text).not.toMatch(/Still to come|T-1/);
  expect(mailKinds(shop, shopper)).toEqual([
    ...['order_confirmed', 'order_shipped', 'order_delivered', 'order_shipped', 'order_delivered'],
  ]);
  const view = await seenBy(checkout);
  expect(view.shipment).toEqual(view.shipments[0]);
  expect(JSON.stringify(view)).not.toContain(shop.staff.id);
});

describe('a key', () => {
  test('takes effect once, at once or later, also after the state has moved on', async () => {
    const checkout = await buy(shop, { quantity: 2 });
    const parcel = { ...aParcelOf(checkout.orderId), lines: one(1) };
    const ended = (call: Promise<unknown>) => call.then(() => 'done', String);
    const calls = [1, 2, 3].map(() => ended(admin().ship.mutate(parcel)));
    expect(await Promise.all(calls)).toEqual(['done', 'done', 'done']);
    await shipSome(checkout, 1, 'T-2');
    const { digest } = await admin().previewShip.mutate({ id: checkout.orderId });
    expect((await admin().ship.mutate({ ...parcel, expect: digest })).status).toBe('shipped');
    const { shipments = [] } = await orderOf(shop, checkout);
    expect(shipments.map(({ shipmentId, lines }) => [shipmentId === parcel.key, lines])).toEqual([
      [true, one(1)],
      [false, one(1)],
    ]);
  });

  test('with other input is refused, and changes nothing', async () => {
    const checkout = await buy(shop, { quantity: 3 });
    const parcel = { ...aParcelOf(checkout.orderId), lines: one(1) };
    await admin().ship.mutate(parcel);
    const before = await orderOf(shop, checkout);
    for (const other of [{ lines: one(2) }, { carrier: 'DHL' }, { trackingNumber: 'T-9' }])
      expect(await errorCodeOf(admin().ship.mutate({ ...parcel, ...other }))).toBe('ACTION_KEY_REUSED');
    expect(await orderOf(shop, checkout)).toEqual(before);
  });
});

test('of two packers who ship the same unit, the second is refused, with a preview and without', async () => {
  const checkout = await buy(shop, { quantity: 2 });
  const { orderId: id } = checkout;
  const { digest: expected } = await admin().previewShip.mutate({ id, lines: one(2) });
  await shipSome(checkout, 1);
  const again = { ...aParcelOf(id, 'T-2'), lines: one(2) };
  expect(await errorCodeOf(admin().ship.mutate({ ...again, expect: expected }))).toBe('PREVIEW_OUTDATED');
  expect(await errorCodeOf(admin().ship.mutate(again))).toBe('ORDER_STATE_CONFLICT');
  const racing = afterReadingOrder(shop.db, () => shipSome(checkout, 1, 'T-3'));
  const { _id } = await orderOf(shop, checkout);
  const late = createShipment(racing, _id, aShipmentRequest(shop.clock.now(), { lines: one(1) }));
  await expect(late).rejects.toThrow(OrderConflict);
  expect((await orderOf(shop, checkout)).shipments).toHaveLength(2);
});

test('what is not left to ship, and lines that are not there, are refused', async () => {
  const { orderId: id } = await buy(shop, { quantity: 2 });
  const ship = (lines: { lineId: number; quantity: number }[]) => admin().ship.mutate({ ...aParcelOf(id), lines });
  expect(await errorCodeOf(ship(one(3)))).toBe('ORDER_STATE_CONFLICT');
  for (const lines of [[{ lineId: 2, quantity: 1 }], [...one(1), ...one(1)], []])
    expect(await errorCodeOf(ship(lines))).toBe('INVALID_INPUT');
  const pickup = { id, key: newActionKey(), kind: 'pickup' as const, trackingNumber: 'T-1' };
  expect(await errorCodeOf(admin().ship.mutate(pickup))).toBe('INVALID_INPUT');
});

test('a pick-up is ready, then collected; our own rider brings a parcel without a number', async () => {
  const pickup = await buy(shop);
  const key = newActionKey();
  await admin().ship.mutate({ id: pickup.orderId, key, kind: 'pickup' });
  await work(shop);
  expect(theMail(shop, pickup.shopper, 'order_shipped').subject).toContain('is ready to be picked up');
  expect(await errorCodeOf(admin().correctShipment.mutate({ id: pickup.orderId, shipmentId: key }))).toBe(
    'ORDER_STATE_CONFLICT',
  );
  await admin().deliver.mutate({ id: pickup.orderId, shipmentId: key });
  await work(shop);
  expect(theMail(shop, pickup.shopper, 'order_delivered').subject).toContain('has been picked up');

  const rider = await buy(shop);
  await admin().ship.mutate({ id: rider.orderId, key: newActionKey() });
  await work(shop);
  const { text, html } = theMail(shop, rider.shopper, 'order_shipped');
  for (const body of [text, html]) expect(body).not.toMatch(/Tracking number/);
  expect((await seenBy(rider)).shipment).toMatchObject({ carrier: null, trackingNumber: null, trackingUrl: null });
});

describe('a carrier of the settings', () => {
  test('links its parcels, on the page and in the email, in any writing of its name', async () => {
    const checkout = await buy(shop);
    await admin().ship.mutate({ ...aParcelOf(checkout.orderId, 'A/1 2'), carrier: ' gig  logistics' });
    await work(shop);
    const link = 'https://gig.example/track?n=A%2F1%202';
    expect((await seenBy(checkout)).shipment?.trackingUrl).toBe(link);
    expect(theMail(shop, checkout.shopper, 'order_shipped').text).toContain(`Track your parcel: ${link}`);
  });

  test('is changed by the owner alone, from the version that was seen, with a link that is one', async () => {
    const owner = await shop.signUp({ role: 'owner' });
    const packer = await shop.signUp({ role: 'packer' });
    const { version, carriers } = await owner.client.admin.carriers.query();
    const change = (input: { version: number; carriers: { name: string; trackingUrl?: string }[] }, by = owner) =>
      by.client.admin.setCarriers.mutate(input);
    expect(await errorCodeOf(change({ version, carriers }, packer))).toBe('FORBIDDEN');
    expect(await change({ version: version - 1, carriers: [] })).toEqual({ outcome: 'outdated', version, carriers });
    for (const trackingUrl of [
      'http://x.example/{tracking}',
      'https://x.example/',
      'https://{tracking}.example/',
      'javascript:{tracking}',
    ])
      expect([trackingUrl, await errorCodeOf(change({ version, carriers: [{ name: 'X', trackingUrl }] }))]).toEqual([
        trackingUrl,
        'INVALID_INPUT',
      ]);
    expect(await errorCodeOf(change({ version, carriers: [{ name: 'X' }, { name: ' x' }] }))).toBe('INVALID_INPUT');
    expect(await change({ version, carriers })).toMatchObject({ outcome: 'changed', version: version + 1 });
  });
});

describe('a corrected number', () => {
  const correct = ({ orderId: id }: Checkout, shipmentId: string, trackingNumber = 'RIGHT') =>
    admin().correctShipment.mutate({ id, shipmentId, carrier: 'GIG', trackingNumber });

  test('is the one that a waiting email gives, and no second email is owed', async () => {
    const checkout = await buy(shop);
    const shipmentId = await shipSome(checkout, 1, 'WRONG');
    await correct(checkout, shipmentId);
    await correct(checkout, shipmentId);
    await work(shop);
    expect(theMail(shop, checkout.shopper, 'order_shipped').text).toMatch(/RIGHT/);
    expect(mailKinds(shop, checkout.shopper)).toEqual(['order_confirmed', 'order_shipped']);
    expect(await historyOf(checkout)).toEqual(expect.arrayContaining(['shipment_corrected']));
  });

  test('is told once the email has left, also when it leaves in the same moment', async () => {
    const checkout = await buy(shop);
    const shipmentId = await shipSome(checkout, 1, 'WRONG');
    await work(shop);
    await correct(checkout, shipmentId, 'BETTER');
    await work(shop);
    expect(mailKinds(shop, checkout.shopper)).toEqual(['order_confirmed', 'order_shipped', 'tracking_corrected']);
    expect(theMail(shop, checkout.shopper, 'tracking_corrected').text).toContain('BETTER');

    const racing = await buy(shop);
    const raced = await shipSome(racing, 1, 'WRONG');
    const { _id } = await orderOf(shop, racing);
    const request = { shipmentId: raced, trackingNumber: 'RIGHT', actor: 'staff:1', now: shop.clock.now() } as const;
    await correctShipment(
      afterReadingOrder(shop.db, () => runEmailsOnce(shop.ctx)),
      _id,
      request,
    );
    await work(shop);
    expect(theMail(shop, racing.shopper, 'order_shipped').text).toContain('WRONG');
    expect(theMail(shop, racing.shopper, 'tracking_corrected').text).toContain('RIGHT');
  });
});

test('a delivery by mistake is undone, a parcel is voided and shipped again; reasons are kept for staff alone', async () => {
  const checkout = await buy(shop, { quantity: 2 });
  const { orderId: id, shopper } = checkout;
  const shipmentId = await shipSome(checkout, 2);
  expect(await errorCodeOf(admin().undoDeliver.mutate({ id, shipmentId, reason: 'none' }))).toBe(
    'ORDER_STATE_CONFLICT',
  );
  await admin().deliver.mutate({ id, shipmentId });
  await work(shop);
  const mistake = { id, shipmentId, reason: 'canary reason' };
  for (const _ of ['once', 'again']) expect((await admin().undoDeliver.mutate(mistake)).status).toBe('shipped');
  const shown = await admin().previewVoidShipment.mutate(mistake);
  expect(shown).toMatchObject({
    status: { from: 'shipped', to: 'confirmed' },
    units: [{ what: 'voided', quantity: 2 }],
  });
  for (const _ of ['once', 'again']) expect((await admin().voidShipment.mutate(mistake)).status).toBe('confirmed');
  for (const act of [admin().deliver, admin().correctShipment])
    expect(await errorCodeOf(act.mutate({ id, shipmentId }))).toBe('ORDER_STATE_CONFLICT');
  expect((await seenBy(checkout)).shipments).toEqual([]);
  expect((await admin().ship.mutate(aParcelOf(id, 'T-2'))).shipments).toMatchObject([
    { id: shipmentId, reasons: ['canary reason', 'canary reason'], voidedAt: expect.any(String) },
    { trackingNumber: 'T-2', voidedAt: null },
  ]);
  expect(JSON.stringify((await orderOf(shop, checkout)).history)).not.toContain('canary');
  expect(JSON.stringify(await seenBy(checkout))).not.toContain('canary');
  await work(shop);
  expect(mailKinds(shop, shopper).filter((kind) => kind === 'order_shipped')).toHaveLength(2);
});

test('an order that was paid in the other mode of Paystack is shown as such, and shipped only when staff say so', async () => {
  const checkout = await buy(shop);
  shop.ctx.config.paystackDomain = 'live';
  try {
    const parcel = aParcelOf(checkout.orderId);
    expect((await admin().order.query({ id: checkout.orderId })).otherDomain).toBe(true);
    expect(await errorCodeOf(admin().ship.mutate(parcel))).toBe('ORDER_STATE_CONFLICT');
    expect((await admin().ship.mutate({ ...parcel, otherDomain: true })).status).toBe('shipped');
  } finally {
    shop.ctx.config.paystackDomain = 'test';
  }
});

describe('many rows', () => {
  test('have an outcome each, and the same file again does only what is left', async () => {
    const [good, cancelled, byHand, unpaid] = [await buy(shop), await buy(shop), await buy(shop), await checkOut(shop)];
    await admin().cancel.mutate({ id: cancelled.orderId });
    await shipSome(byHand, 1, 'gig-3');
    const file = (n: number, code: string, trackingNumber: string) => ({
      key: `hash-of-file.${n}`,
      code,
      trackingNumber,
    });
    const rows = [
      file(1, good.code, 'GIG-1'),
      file(2, cancelled.code, 'GIG-2'),
      file(3, byHand.code.toLowerCase(), 'GIG-3'),
      file(4, unpaid.code, 'GIG-4'),
      file(5, 'NOSUCHORDER', 'GIG-5'),
      // The same order again: nothing is left of it.
      file(6, good.code, 'GIG-6'),
    ];
    const before = await everything(shop.db);
    const previewed = await admin().previewShipMany.mutate({ rows: rows.map(({ key: _, ...row }) => row) });
    expect(previewed.rows.map(({ outcome }) => outcome)).toEqual([
      'ships',
      'refused',
      'done_before',
      'refused',
      'refused',
      'ships',
    ]);
    expect(await everything(shop.db)).toBe(before);
    const outcomes = ['shipped', 'refused', 'done_before', 'refused', 'refused', 'refused'];
    const first = await admin()
      .shipMany.mutate({ rows })
      .then(
        (answer) => answer.rows,
        () => [],
      );
    expect(first.map(({ outcome }) => outcome)).toEqual(outcomes);
    expect(first.map(({ error }) => error?.errorCode ?? null)).toEqual([
      ...[null, 'ORDER_STATE_CONFLICT', null, 'ORDER_STATE_CONFLICT', 'NOT_FOUND', 'ORDER_STATE_CONFLICT'],
    ]);
    const again = await admin().shipMany.mutate({ rows });
    expect(again.rows.map(({ outcome }) => outcome)).toEqual(['done_before', ...outcomes.slice(1)]);
    // Another file with the same number, under other keys.
    const other = [{ ...rows[0], key: 'other-file.1', code: good.code }];
    expect((await admin().shipMany.mutate({ rows: other })).rows).toMatchObject([{ outcome: 'done_before' }]);
    expect((await orderOf(shop, good)).shipments).toHaveLength(1);
  });

  test('are 25 at most, and each names one order', async () => {
    const { orderId: id, code } = await buy(shop);
    const row = (n: number) => ({ key: `another-file.${n}`, id, trackingNumber: `N-${n}` });
    const rows = Array.from({ length: 26 }, (_, n) => row(n));
    expect(await errorCodeOf(admin().shipMany.mutate({ rows }))).toBe('INVALID_INPUT');
    expect(await errorCodeOf(admin().shipMany.mutate({ rows: [{ ...row(1), code }] }))).toBe('INVALID_INPUT');
  });

  test('a row whose preview is outdated is refused with the new one', async () => {
    const { orderId: id } = await buy(shop);
    const row = { ...aParcelOf(id, 'OUTDATED'), expect: 'f'.repeat(32) };
    const { rows } = await admin().shipMany.mutate({ rows: [row] });
    expect(rows).toMatchObject([{ outcome: 'refused', error: { errorCode: 'PREVIEW_OUTDATED' } }]);
    const expected = rows[0]?.preview?.digest ?? '';
    expect((await admin().shipMany.mutate({ rows: [{ ...row, expect: expected }] })).rows[0]?.outcome).toBe('shipped');
  });
});

test('in the end everything is consistent', () => expectAllConsistent(shop));
