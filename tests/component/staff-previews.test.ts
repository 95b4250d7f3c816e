/**
 * Staff see the effects of an action before it (I22). A preview writes nothing and says what the action does. An action that
 * carries a preview is refused once its effects differ. The view lists the actions that its own guards allow.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isOrdersError } from '../../client-sdk/src/index.ts';
import type { ActionPreview } from '../../models/contract/staff/action-preview.ts';
import { newActionKey } from '../support/action-keys.ts';
import { actAsPreviewed } from '../support/previewed-act.ts';
import {
  buy,
  type Checkout,
  checkOut,
  errorCodeOf,
  expectAllConsistent,
  finishRefunds,
  orderOf,
  pay,
  type Shop,
  startTestShop,
  stockOf,
  theMail,
  work,
} from '../support/shopping.ts';
import { everything } from '../support/stocked-variant.ts';
import type { SignedIn } from '../support/test-app.ts';

let shop: Shop;
let colleague: SignedIn;
beforeAll(async () => {
  shop = await startTestShop();
  colleague = await shop.signUp({ role: 'owner' });
});
afterAll(() => shop.stop());

const PARCEL = { carrier: 'GIG', trackingNumber: 'T-77' };
const admin = () => shop.staff.client.admin;

async function payWrongly(): Promise<Checkout> {
  const checkout = await checkOut(shop);
  await pay(shop, checkout.txRef, { capture: { amount: 1 } });
  await work(shop);
  return checkout;
}

/** The state that each action is tried in, its preview and the action itself. */
const ACTIONS = {
  ship: {
    order: () => buy(shop),
    preview: ({ orderId: id }: Checkout) => admin().previewShip.mutate({ id, ...PARCEL }),
    act: ({ orderId: id }: Checkout, expect?: string, by = admin()) =>
      by.ship.mutate({ id, key: newActionKey(), ...PARCEL, ...(expect === undefined ? {} : { expect }) }),
  },
  cancel: {
    order: () => buy(shop),
    preview: ({ orderId: id }: Checkout) => admin().previewCancel.mutate({ id }),
    act: ({ orderId: id }: Checkout, expect?: string, by = admin()) =>
      by.cancel.mutate({ id, ...(expect === undefined ? {} : { expect }) }),
  },
  refund: {
    order: () => buy(shop),
    preview: ({ orderId: id }: Checkout) => admin().previewRefund.mutate({ id, note: 'torn', amount: 50_000 }),
    act: ({ orderId: id }: Checkout, expect?: string, by = admin()) =>
      by.refund.mutate({
        key: newActionKey(),
        id,
        note: 'torn',
        amount: 50_000,
        ...(expect === undefined ? {} : { expect }),
      }),
  },
  resolveReview: {
    order: payWrongly,
    preview: ({ orderId: id, txRef: reference }: Checkout) =>
      admin().previewResolveReview.mutate({ id, reference, resolution: 'accept' }),
    act: ({ orderId: id, txRef: reference }: Checkout, expect?: string, by = admin()) =>
      by.resolveReview.mutate({ id, reference, resolution: 'accept', ...(expect === undefined ? {} : { expect }) }),
  },
};
const NAMES = Object.keys(ACTIONS) as (keyof typeof ACTIONS)[];

/** All documents, once the search rows are written that follow an order in the background. */
async function everythingWritten(): Promise<string> {
  await shop.ctx.search.idle();
  return everything(shop.db);
}

/** The new preview in the error of an action that was refused as outdated. */
async function outdatedBy(call: Promise<unknown>): Promise<ActionPreview> {
  const error = await call.catch((thrown: unknown) => thrown);
  expect(isOrdersError(error) ? error.data.code : 'the call succeeded').toBe('PREVIEW_OUTDATED');
  const preview = isOrdersError(error, 'PREVIEW_OUTDATED') ? error.data.details.preview : null;
  if (preview === null) throw error;
  return preview;
}

describe.each(NAMES)('%s', (name) => {
  const { order, preview, act } = ACTIONS[name];

  test('is previewed without any write, allowed or not, and equal effects have equal digests', async () => {
    const checkout = await order();
    const unpaid = await checkOut(shop);
    const before = await everythingWritten();
    const first = await preview(checkout);
    expect(first.why).toBeNull();
    expect(await preview(checkout)).toEqual(first);
    // An unpaid order can only be cancelled, and has no review at all.
    const other = name === 'resolveReview' ? preview(unpaid).catch(() => null) : preview(unpaid);
    expect((await other)?.why ?? null).toEqual(
      name === 'ship' || name === 'refund' ? expect.stringMatching(/confirmed|nothing was paid/) : null,
    );
    expect(await everythingWritten()).toBe(before);
  });

  test('of two staff members who act on one preview, the second is refused with the new one', async () => {
    const checkout = await order();
    const { digest } = await preview(checkout);
    await act(checkout, digest);
    const after = await orderOf(shop, checkout);
    const next = await outdatedBy(act(checkout, digest, colleague.client.admin));
    // Another part of the money could be refunded as well; the others are done once.
    expect(next.why).toEqual(name === 'refund' ? null : expect.any(String));
    expect(next.emails).toHaveLength(name === 'refund' ? 1 : 0);
    expect(await orderOf(shop, checkout)).toEqual(after);
  });

  test('with a digest of other effects changes nothing', async () => {
    const checkout = await order();
    const before = await everythingWritten();
    const now = await outdatedBy(act(checkout, 'f'.repeat(32)));
    expect(now).toEqual(await preview(checkout));
    expect(await everythingWritten()).toBe(before);
    await act(checkout, now.digest);
  });
});

test('the preview of a cancellation says what then happens to status, money, units, stock and mailbox', async () => {
  const checkout = await buy(shop, { quantity: 2 });
  const { sku, variantId } = checkout.item;
  const before = await stockOf(shop, checkout.item);
  const shown = await ACTIONS.cancel.preview(checkout);
  expect(shown).toMatchObject({
    status: { from: 'confirmed', to: 'cancelled' },
    paymentStatus: { from: 'paid', to: 'refunding' },
    money: [{ what: 'refund_requested', reference: checkout.txRef, amount: checkout.amount, currency: 'NGN' }],
    units: [{ what: 'withdrawn', lineId: 1, sku, quantity: 2 }],
    stock: [{ variantId, sku, stock: 2, reserved: 0 }],
    emails: [{ kind: 'order_cancelled', to: checkout.shopper.email }],
  });
  await ACTIONS.cancel.act(checkout, shown.digest);
  const { status, paymentStatus, refunds } = await orderOf(shop, checkout);
  expect({ status, paymentStatus }).toEqual({ status: shown.status.to, paymentStatus: shown.paymentStatus.to });
  expect(refunds).toMatchObject([{ amount: shown.money[0]?.amount, cause: 'by_staff' }]);
  expect(await stockOf(shop, checkout.item)).toEqual({ ...before, stock: before.stock + 2 });
  await work(shop);
  const { subject, text } = theMail(shop, checkout.shopper, 'order_cancelled');
  expect([{ kind: 'order_cancelled', to: checkout.shopper.email, subject, text }]).toEqual(shown.emails);
});

test('a preview says what its action then does: a parcel, a part of the money, a charge that is accepted', async () => {
  const parcel = await buy(shop);
  const shipped = await ACTIONS.ship.preview(parcel);
  expect(shipped).toMatchObject({ status: { to: 'shipped' }, money: [], stock: [], units: [{ what: 'shipped' }] });
  await ACTIONS.ship.act(parcel, shipped.digest);
  await work(shop);
  expect(shipped.emails[0]?.text).toBe(theMail(shop, parcel.shopper, 'order_shipped').text);

  const part = await buy(shop);
  const refunded = await ACTIONS.refund.preview(part);
  expect(refunded).toMatchObject({ status: { to: 'confirmed' }, money: [{ amount: 50_000 }], units: [], stock: [] });
  await ACTIONS.refund.act(part, refunded.digest);
  await work(shop);
  expect(refunded.emails[0]?.text).toBe(theMail(shop, part.shopper, 'refund_started').text);

  const reviewed = await payWrongly();
  const accepted = await ACTIONS.resolveReview.preview(reviewed);
  expect(accepted).toMatchObject({
    paymentStatus: { from: 'review', to: 'paid' },
    money: [{ what: 'charge_accepted', reference: reviewed.txRef, amount: 1 }],
    emails: [],
  });
  await ACTIONS.resolveReview.act(reviewed, accepted.digest);
  expect(await orderOf(shop, reviewed)).toMatchObject({ paymentStatus: 'paid', paidReference: reviewed.txRef });
});

test('what an action leaves in the database is what its preview said', async () => {
  type Lines = NonNullable<Parameters<ReturnType<typeof admin>['refund']['mutate']>[0]['lines']>;
  const act = async <Input extends { id: string }>(
    input: Input,
    preview: (input: Input) => Promise<ActionPreview>,
    action: (input: Input & { key: string; expect?: string }) => Promise<unknown>,
  ) => {
    const key = newActionKey();
    const call = { preview: () => preview(input), act: (expected: object) => action({ ...input, key, ...expected }) };
    expect(await actAsPreviewed(shop, { orderId: input.id, ...call })).not.toBeNull();
    return key;
  };
  const ship = (id: string, quantity: number) =>
    act({ id, lines: [{ lineId: 1, quantity }] }, admin().previewShip.mutate, admin().ship.mutate);
  const refund = (id: string, lines: Lines, delivery = false) =>
    act({ id, lines, delivery }, admin().previewRefund.mutate, admin().refund.mutate);
  const cancel = (id: string, restockRest: boolean) =>
    act({ id, restockRest }, admin().previewCancel.mutate, ({ key: _, ...input }) => admin().cancel.mutate(input));

  const { orderId } = await buy(shop, { quantity: 4 });
  await ship(orderId, 2);
  await refund(orderId, [{ lineId: 1, unshipped: 1, restock: 1 }]);
  await refund(orderId, [{ lineId: 1, shipped: 1 }], true);
  const mistake = { id: orderId, shipmentId: await ship(orderId, 1), reason: 'a mistake' };
  await act(mistake, admin().previewVoidShipment.mutate, ({ key: _, ...input }) => admin().voidShipment.mutate(input));
  for (const restockRest of [true, false]) await cancel((await buy(shop, { quantity: 2 })).orderId, restockRest);
  await cancel((await checkOut(shop)).orderId, true);
  for (const resolution of ['accept', 'refund'] as const) {
    const { orderId: id, txRef: reference } = await payWrongly();
    await act({ id, reference, resolution }, admin().previewResolveReview.mutate, ({ key: _, ...input }) =>
      admin().resolveReview.mutate(input),
    );
  }
});

test('what the view lists as allowed succeeds, and the rest is refused as a conflict', async () => {
  const shippedOrder = await buy(shop);
  await ACTIONS.ship.act(shippedOrder);
  const refundedOrder = await buy(shop);
  await admin().refund.mutate({ key: newActionKey(), id: refundedOrder.orderId, note: 'returned' });
  await finishRefunds(shop);
  for (const checkout of [await checkOut(shop), await buy(shop), shippedOrder, refundedOrder, await payWrongly()]) {
    const { orderId: id } = checkout;
    const calls = {
      deliver: () => admin().deliver.mutate({ id }),
      ship: () => ACTIONS.ship.act(checkout),
      refund: () => ACTIONS.refund.act(checkout),
      cancel: () => ACTIONS.cancel.act(checkout),
    };
    for (const [action, call] of Object.entries(calls)) {
      const { actions, status } = await admin().order.query({ id });
      // A delivery is of one shipment; these orders have one at most.
      const isOffered = actions.some(
        (one) => one.action === action && one.allowed && (one.target === null || action === 'deliver'),
      );
      const refused = await call().then(
        () => false,
        () => true,
      );
      expect([status, action, isOffered]).toEqual([status, action, !refused]);
      if (refused) expect(['ORDER_STATE_CONFLICT', 'REFUND_EXCEEDS_PAYMENT']).toContain(await errorCodeOf(call()));
    }
  }
  await finishRefunds(shop);
  await expectAllConsistent(shop);
});
