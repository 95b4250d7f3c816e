/** Plots of orders. A story that has not come to its end when the history does leaves work for today. */
import type { Life, Payment } from './life.ts';
import type { Story } from './scheduler.ts';

export type Plot = (life: Life) => Story;

const COURIERS = [
  ['Red Rider Couriers', 'RR'],
  ['Atlantic Parcels', 'ATL'],
] as const;

async function* buy(life: Life, payment: Payment = {}): Story {
  yield life.time;
  await life.place();
  yield life.waitMinutes(1, 4);
  await life.pay(payment);
}

/** One in five pays by transfer or by dialling a code, which Paystack offers for naira. */
const usual = ({ random, shop }: Life): Payment =>
  random.chance(0.8) || shop.ctx.config.currency !== 'NGN'
    ? {}
    : { channel: random.pick(['bank_transfer', 'ussd'] as const) };

async function ship(life: Life, lines?: { lineId: number; quantity: number }[]): Promise<string> {
  const key = life.key();
  const [carrier, letters] = life.random.pick(COURIERS);
  const tracking = life.random.chance(0.8)
    ? { carrier, trackingNumber: `${letters}${life.random.integer(10_000_000, 99_999_999)}` }
    : {};
  await life
    .as('packer')
    .admin.ship({ id: life.order.id, key, ...tracking, ...(lines === undefined ? {} : { lines }) });
  return key;
}

async function* arrive(life: Life, shipmentId?: string): Story {
  yield life.morning(life.random.integer(1, 3));
  const parcel = shipmentId === undefined ? {} : { shipmentId };
  await life.as('packer').admin.deliver({ id: life.order.id, ...parcel });
}

export const delivered: Plot = async function* (life) {
  yield* buy(life, usual(life));
  yield life.morning(life.random.chance(0.85) ? 1 : 2);
  await ship(life);
  yield* arrive(life);
};

/** Nothing has left yet. */
export const waiting = (note: string): Plot =>
  async function* (life) {
    yield* buy(life, usual(life));
    yield life.waitMinutes(20, 40);
    const { id } = life.order;
    await life.as('support').admin.addNote({ id, key: life.key(), text: note });
    await life.as('support').admin.setTags({ id, tags: ['waiting'] });
  };

/** A first unit has left, and the rest waits. */
export const partShipped: Plot = async function* (life) {
  yield* buy(life);
  yield life.morning();
  await ship(life, [{ lineId: 1, quantity: 1 }]);
};

/** The last unit leaves days after the others. */
export const inTwoParcels: Plot = async function* (life) {
  yield* buy(life);
  yield life.morning();
  const first = await ship(life, [{ lineId: 1, quantity: 1 }]);
  await life
    .as('packer')
    .admin.addNote({ id: life.order.id, key: life.key(), text: 'The rest is on its way from the weaver.' });
  yield life.morning(2);
  const second = await ship(life);
  yield* arrive(life, first);
  yield* arrive(life, second);
};

export const pickedUp: Plot = async function* (life) {
  yield* buy(life, usual(life));
  yield life.morning();
  await life.as('packer').admin.ship({ id: life.order.id, key: life.key(), kind: 'pickup' });
  await life.as('packer').admin.setTags({ id: life.order.id, tags: ['pick-up'] });
  yield* arrive(life);
};

export const neverPaid: Plot = async function* (life) {
  yield life.time;
  await life.place();
};

export const declinedThenPaid: Plot = async function* (life) {
  yield* buy(life, { card: life.random.pick(['declined', 'insufficient-funds'] as const) });
  yield life.waitMinutes(2, 4);
  await life.pay();
  yield life.morning();
  await ship(life);
  yield* arrive(life);
};

export const declined: Plot = async function* (life) {
  yield* buy(life, { card: 'insufficient-funds' });
};

export const cancelledUnpaid: Plot = async function* (life) {
  yield life.time;
  await life.place();
  yield life.waitMinutes(3, 8);
  await life.asCustomer().orders.cancel({ id: life.order.id });
};

export const cancelledByStaff: Plot = async function* (life) {
  yield* buy(life);
  yield life.morning();
  await life.as('support').admin.cancel({ id: life.order.id, note: 'The customer called: ordered by mistake.' });
};

/** Paid after the order has expired: the money goes back. */
export const paidTooLate: Plot = async function* (life) {
  yield life.time;
  await life.place();
  yield life.evening(2);
  await life.pay();
};

/** One unit of the first line comes back and is sold again. */
export const sentBack: Plot = async function* (life) {
  yield* delivered(life);
  yield life.morning(3);
  await life.as('support').admin.refund({
    id: life.order.id,
    key: life.key(),
    lines: [{ lineId: 1, unshipped: 0, shipped: 1, restock: 1 }],
    cause: 'returned',
    note: 'Too small; sent back unworn.',
  });
};

export const damaged: Plot = async function* (life) {
  yield* delivered(life);
  yield life.morning(1);
  const amount = Math.round(life.order.amount / 4 / 10_000) * 10_000;
  await life
    .as('support')
    .admin.refund({ id: life.order.id, key: life.key(), amount, cause: 'damaged', note: 'A seam was open.' });
};

export const neverArrived: Plot = async function* (life) {
  yield* buy(life);
  yield life.morning();
  await ship(life);
  yield life.morning(9);
  const lines = life.lines.map(({ quantity }, index) => ({
    lineId: index + 1,
    unshipped: 0,
    shipped: quantity,
    restock: 0,
  }));
  await life.as('manager').admin.refund({
    ...{ id: life.order.id, key: life.key(), lines, delivery: true, cause: 'not_arrived' },
    note: 'The courier has lost the parcel.',
  });
};

/** The refund cannot go back to the card: Paystack needs a bank account. */
export const refundNeedsAccount: Plot = async function* (life) {
  yield* buy(life, { card: 'refund-needs-attention' });
  yield life.morning();
  await life.as('support').admin.cancel({ id: life.order.id, note: 'Ordered twice.' });
};

export const refundFailed: Plot = async function* (life) {
  yield* buy(life, { card: 'refund-failed' });
  yield life.morning();
  await life.as('support').admin.cancel({ id: life.order.id, note: 'The customer changed their mind.' });
  yield life.morning(2);
  const order = await life.as('manager').admin.order({ id: life.order.id });
  const failed = order.refunds.find(({ state }) => state === 'failed');
  if (failed === undefined) return;
  await life.as('manager').admin.recordRefundPaidElsewhere({
    ...{ id: life.order.id, refundId: failed.id, note: 'Sent by bank transfer.' },
  });
};

/** The captured amount is less than the order's. */
export const inReview = (isAnswered: boolean): Plot =>
  async function* (life) {
    yield* buy(life, { short: 50_000 });
    if (!isAnswered) return;
    yield life.morning();
    const { id, reference } = life.order;
    await life.as('manager').admin.resolveReview({ id, reference, resolution: 'refund' });
  };

/** The address was wrong, and the customer called. */
export const corrected: Plot = async function* (life) {
  yield* buy(life);
  yield life.morning();
  const { id } = life.order;
  const support = life.as('support');
  const { shippingAddress } = await support.admin.order({ id });
  await support.admin.addNote({ id, key: life.key(), text: 'Called: the gate is on the other street.' });
  const { line2: _, ...address } = withoutNulls(shippingAddress);
  await support.admin.correctAddress({ id, address: { ...address, line2: 'Blue gate, beside the pharmacy' } });
  await support.admin.setTags({ id, tags: ['called'] });
  yield life.morning();
  await ship(life);
  yield* arrive(life);
};

type Given<T> = { [K in keyof T]: Exclude<T[K], null> };

function withoutNulls<T extends object>(fields: T): Given<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as Given<T>;
}

interface Quarrel {
  category: string;
  /** Of the amount; the whole charge when missing. */
  part?: number;
  /** Missing: the evening after the parcel has come. */
  openAt?: number;
  /** Hours until it must be answered, from when it is opened. */
  hours: number;
  /** Missing: nobody answers. */
  answer?: 'decline' | 'accept';
  /** Of a declined one; missing: it has not decided. */
  bank?: 'declined' | 'merchant-accepted';
}

/** The cardholder complains at the bank some days after the parcel has come. */
export const disputed = (quarrel: Quarrel): Plot =>
  async function* (life) {
    yield* delivered(life);
    yield quarrel.openAt === undefined ? life.evening(1) : life.waitUntil(quarrel.openAt);
    const { sandbox } = life.shop;
    const { id, reference, amount } = life.order;
    const dispute = sandbox.openDispute(reference, {
      category: quarrel.category,
      ...(quarrel.part === undefined ? {} : { amount: Math.round(amount * quarrel.part) }),
      dueAt: new Date(life.time + quarrel.hours * 3600_000),
    });
    yield life.morning();
    if (quarrel.answer === undefined) return;
    await life.as('manager').admin.answerDispute({
      ...{ id, key: life.key(), disputeId: String(dispute.id), resolution: quarrel.answer },
      message: quarrel.answer === 'decline' ? 'The parcel was delivered; see the receipt.' : 'We give the money back.',
    });
    if (quarrel.bank === undefined) return;
    yield life.evening(5);
    sandbox.resolveDispute(dispute.id, quarrel.bank);
  };
