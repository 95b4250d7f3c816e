/** Emails: each amount is right in text and HTML, and no text by a person becomes markup. */

import { describe, expect, test } from '@jest/globals';
import {
  CANCEL_REASONS,
  type CancelReason,
  EMAIL_KINDS,
  REFUND_CAUSES,
  REVIEW_CAUSES,
} from '../../models/contract/statuses.ts';
import type { AboutRefund, EmailContent, EmailShipment } from '../../server/email/templates/email-content.ts';
import { renderEmail } from '../../server/email/templates.ts';
import { order, shop } from '../support/sample-email.ts';

const SHIPMENT_EMAILS = ['order_shipped', 'order_delivered', 'tracking_corrected'] as const;
type ShipmentEmail = (typeof SHIPMENT_EMAILS)[number];

const parcel: EmailShipment = {
  kind: 'parcel',
  carrier: 'GIG Logistics',
  trackingNumber: 'GIG-123',
  trackingUrl: 'https://gig.example/track?number=GIG-123',
  state: 'under_way',
  isWhole: true,
  units: [{ title: 'Ankara shirt', variant: 'Blue, L', quantity: 1 }],
  remaining: [],
};
const RIDER = { carrier: null, trackingNumber: null, trackingUrl: null };
const PART = {
  isWhole: false,
  remaining: [
    { title: 'Ankara shirt', variant: 'Blue, L', quantity: 1 },
    { title: 'Enamel mug', variant: '', quantity: 1 },
  ],
};
/** Every shape of a shipment, as changes of the parcel. */
const SHIPMENTS: Partial<EmailShipment>[] = [{}, RIDER, { ...RIDER, kind: 'pickup' } as const].flatMap((shape) =>
  [{}, PART].flatMap((part) =>
    (['under_way', 'delivered', 'voided'] as const).map((state) => ({ ...shape, ...part, state })),
  ),
);
const UNITS = { title: 'Aso Oke', variant: 'Blue', quantity: 2 };
const ABOUT_REFUND: AboutRefund = {
  why: 'duplicate_payment',
  amount: 2_750_099,
  order: 'stands',
  hasShipped: false,
  coming: [UNITS],
};
const STARTED: Extract<EmailContent, { kind: 'refund_started' }> = {
  kind: 'refund_started',
  ...ABOUT_REFUND,
  units: [],
  delivery: false,
};

const contents: EmailContent[] = [
  { kind: 'order_confirmed' },
  ...CANCEL_REASONS.map((why): EmailContent => ({ kind: 'order_cancelled', why, amount: null })),
  { kind: 'order_cancelled', why: 'by_staff', amount: null, returned: 2_750_099 },
  { kind: 'order_cancelled', why: 'short_stock', amount: 2_750_099 },
  ...SHIPMENT_EMAILS.flatMap((kind) =>
    SHIPMENTS.map((changes): EmailContent => ({ kind, shipment: { ...parcel, ...changes } })),
  ),
  ...REFUND_CAUSES.map((why): EmailContent => ({ ...STARTED, why })),
  { ...STARTED, why: null, order: 'ended' },
  { kind: 'refund_done', ...ABOUT_REFUND },
  ...REVIEW_CAUSES.map((why): EmailContent => ({ kind: 'payment_review', why })),
  { kind: 'payment_link', payable: true },
  { kind: 'payment_link', payable: false },
  { kind: 'payment_reminder' },
];

const textOf = (html: string) => html.replace(/<\/?bdi>/g, '').replace(/<[^>]*>/g, ' ');

test('every kind of the outbox has its email', () => {
  expect([...new Set(contents.map(({ kind }) => kind))].sort()).toEqual([...EMAIL_KINDS].sort());
});

describe.each(contents.map((content) => ({ content, name: JSON.stringify(content) })))('$name', ({ content }) => {
  const email = renderEmail(content, order, shop);

  test('names the order in its subject, on one line', () => {
    expect(email.subject).toContain(order.code);
    expect(email.subject).not.toMatch(/[\r\n]/);
    expect(email.subject.length).toBeLessThanOrEqual(150);
  });

  test('says in text and in HTML what was bought, for how much, and where it goes', () => {
    for (const body of [email.text, textOf(email.html)]) {
      for (const part of [
        'Ankara shirt, Blue, L',
        '2 × ',
        '₦12,500.50',
        '₦25,001.00',
        'Enamel mug',
        '₦999.99',
        '₦26,000.99',
        '₦1,500.00',
        '₦27,500.99',
        '1 Marina Road',
        'Lagos, Lagos 100001',
        'Hello Chidi Okafor',
      ]) {
        expect(body).toContain(part);
      }
    }
  });

  test('leads to the order’s page', () => {
    expect(email.text).toContain('https://shop.example/orders/65f000000000000000000001');
    expect(email.html).toContain('href="https://shop.example/orders/65f000000000000000000001"');
  });

  test('shows no hole', () => {
    for (const body of [email.subject, email.text, email.html]) {
      expect(body).not.toMatch(/undefined|null|NaN|\[object|\$\{/);
    }
  });
});

describe('what is particular to a kind', () => {
  const render = (content: EmailContent) => renderEmail(content, order, shop);

  const refund = STARTED;
  const CART = 'https://shop.example/cart?from=K7M2QXR9TWBC';

  test('a refund of an order that has ended says how much, and refills the cart with one link', () => {
    const { subject, text, html } = render({ ...refund, why: 'late_payment', amount: 50_001, order: 'ended' });
    expect(subject).toContain('₦500.01');
    expect(text).toContain(CART);
    expect(html).toContain(`href="${CART}"`);
    expect(text).toContain('after the order had ended');
  });

  test.each([
    ['of an order that stands', { order: 'stands' }],
    ['that ends the order', { order: 'ends' }],
    ['of an order that the customer cancelled', { order: 'ended', why: 'by_customer' }],
    ['of an order of which a part was sent', { order: 'ended', hasShipped: true }],
  ] as const)('a refund %s never offers the items for the cart', (_, about) => {
    for (const content of [
      { ...refund, ...about },
      { kind: 'refund_done' as const, ...ABOUT_REFUND, ...about },
    ])
      expect(render(content).text).not.toContain(CART);
  });

  test('a refund of an order that stands says for what, that the order stands, and what still comes', () => {
    const part = { ...refund, why: 'unavailable' as const, units: [{ ...UNITS, quantity: 1 }], delivery: true };
    expect(render(part).text).toContain('It is for 1 × Aso Oke, Blue and the delivery.');
    expect(render(part).text).toContain('Your order stands. Still to come: 2 × Aso Oke, Blue.');
    expect(render({ ...part, coming: [] }).text).toContain('Your order stands. All else of it has been sent.');
    expect(render({ ...part, order: 'ends' }).text).toContain('2 × Aso Oke, Blue will not be sent');
  });

  test('a cancelled order says that nothing was charged, how much comes back, or that it came back before', () => {
    expect(render({ kind: 'order_cancelled', why: 'expired', amount: null }).text).toContain('not been charged');
    expect(render({ kind: 'order_cancelled', why: 'by_staff', amount: 2_750_099 }).text).toContain('₦27,500.99');
    const { text } = render({ kind: 'order_cancelled', why: 'by_staff', amount: null, returned: 2_750_099 });
    expect(text).toContain('already been returned');
    expect(text).not.toContain('not been charged');
  });

  test('a cancelled order says what happens to the goods, by what was sent', () => {
    expect(render({ kind: 'order_cancelled', why: 'by_staff', amount: null }).text).toContain(
      'Nothing of this order will be sent',
    );
    const { text } = render({ kind: 'order_cancelled', why: 'by_staff', amount: 1, hasShipped: true });
    expect(text).toContain('What has not been sent yet will not be sent');
    expect(text).not.toContain('Nothing of this order');
  });

  test('a cancelled order offers the items back only where the order ended without them', () => {
    const offers = (why: CancelReason, hasShipped = false) =>
      render({ kind: 'order_cancelled', why, amount: 1, hasShipped }).text.includes('/cart?from=');
    expect(CANCEL_REASONS.filter((why) => offers(why))).toEqual([
      'short_stock',
      'expired',
      'by_staff',
      'payment_returned',
    ]);
    expect(CANCEL_REASONS.filter((why) => offers(why, true))).toEqual([]);
  });

  test('an unpaid order that is cancelled says what happens to a payment that still arrives', () => {
    expect(render({ kind: 'order_cancelled', why: 'expired', amount: null }).text).toContain(
      'Should a payment still arrive, we return it to you in full',
    );
  });

  test('each reason for cancelling has its own words', () => {
    const texts = CANCEL_REASONS.map((why) => render({ kind: 'order_cancelled', why, amount: null }).text);
    expect(new Set(texts).size).toBe(CANCEL_REASONS.length);
  });

  test('an email about a payment under review has the words of its cause, and says not to pay again', () => {
    const texts = REVIEW_CAUSES.map((why) => render({ kind: 'payment_review', why }).text);
    expect(new Set(texts).size).toBe(REVIEW_CAUSES.length);
    expect(texts.filter((text) => !text.includes('do not pay again'))).toEqual([]);
    expect(render({ kind: 'payment_review' }).text).toContain('do not pay again');
  });

  test('the largest total is exact, and other currencies have their own sign', () => {
    const large = renderEmail({ kind: 'order_confirmed' }, { ...order, total: 1_000_000_000_000 }, shop);
    expect(large.text).toContain('Total: ₦10,000,000,000.00');
    const cedis = renderEmail(
      { kind: 'refund_done', ...ABOUT_REFUND, coming: [], amount: 1_999 },
      { ...order, currency: 'GHS' },
      shop,
    );
    expect(cedis.subject).toContain('GH₵19.99');
  });

  test('the same input gives the same email', () => {
    expect(render({ kind: 'order_confirmed' })).toEqual(render({ kind: 'order_confirmed' }));
  });
});

test('money that came back says by whom; of what was paid outside Paystack nothing shows at the bank', () => {
  const done = { kind: 'refund_done', ...ABOUT_REFUND } as const;
  expect(renderEmail(done, order, shop).text).toContain('We have returned');
  expect(renderEmail({ ...done, by: 'bank' }, order, shop).text).toContain('Your bank has decided your claim');
  for (const by of ['shop', 'bank'] as const)
    expect(renderEmail({ ...done, by }, order, shop).text).toContain('Banks take up to');
  const { text } = renderEmail({ ...done, by: 'elsewhere' }, order, shop);
  expect(text).toContain('We have paid');
  expect(text).not.toContain('Banks take up to');
});

describe('an email about a shipment', () => {
  const shipped = (changes: Partial<EmailShipment> = {}, kind: ShipmentEmail = 'order_shipped') =>
    renderEmail({ kind, shipment: { ...parcel, ...changes } }, order, shop);

  test('a parcel gives carrier and tracking number, and leads to the carrier’s page', () => {
    const { text, html } = shipped();
    for (const body of [text, html]) expect(body).toMatch(/GIG Logistics[\s\S]*GIG-123/);
    expect(html).toContain('href="https://gig.example/track?number=GIG-123"');
    expect(text).not.toContain('In this parcel');
  });

  test('a parcel without a number, such as our own rider’s, has no line for it', () => {
    for (const kind of SHIPMENT_EMAILS)
      for (const { text, html } of [shipped(RIDER, kind), shipped({ trackingNumber: null, trackingUrl: null }, kind)]) {
        expect(text).not.toMatch(/^Tracking number:/m);
        expect(html).not.toContain('>Tracking number<');
      }
    expect(shipped(RIDER).text).toContain('Our own rider brings your parcel to you.');
    expect(shipped(RIDER).text).not.toMatch(/carrier/i);
  });

  test('a part of an order says what is in it and what still comes', () => {
    const { subject, text, html } = shipped(PART);
    expect(subject).toContain('Part of order K7M2QXR9TWBC is on its way');
    for (const body of [text, textOf(html)]) {
      expect(body).toMatch(/In this parcel:?\s+1 × Ankara shirt, Blue, L/);
      expect(body).toMatch(/Still to come:?\s+1 × Ankara shirt, Blue, L\s+1 × Enamel mug/);
    }
    expect(shipped(PART, 'order_delivered').text).toMatch(/Still to come/);
  });

  test('a pick-up is ready, then collected, and no parcel and no carrier is named', () => {
    const pickup = { ...RIDER, kind: 'pickup' } as const;
    expect(shipped(pickup).subject).toContain('is ready to be picked up');
    expect(shipped({ ...pickup, state: 'delivered' }, 'order_delivered').subject).toContain('has been picked up');
    for (const kind of ['order_shipped', 'order_delivered'] as const)
      for (const state of ['under_way', 'delivered', 'voided'] as const)
        expect(shipped({ ...pickup, state }, kind).text).not.toMatch(/parcel|carrier|tracking/i);
  });

  test('an email that left after its record was taken back says so', () => {
    expect(shipped({ state: 'voided' }).text).toContain('it is not on its way to you');
    expect(shipped({ state: 'under_way' }, 'order_delivered').text).toContain('recorded as delivered by mistake');
    expect(shipped({ state: 'voided' }).text).not.toContain('GIG-123');
  });
});

describe('hostile text', () => {
  const hostile = '<script>alert(1)</script>"\'&\r\nBcc: all@example.com\u0000\u202e\u2028 naïve 漢字 👩‍👩‍👧';
  const hostileUnits = { title: hostile, variant: hostile, quantity: 1 };
  const email = renderEmail(
    {
      kind: 'order_shipped',
      shipment: {
        ...parcel,
        ...PART,
        carrier: hostile,
        trackingNumber: hostile,
        units: [hostileUnits],
        remaining: [hostileUnits],
      },
    },
    {
      ...order,
      code: `K7M2\r\nBcc: x@example.com`,
      contactName: hostile,
      items: [{ title: hostile, variant: hostile, quantity: 1, unitPrice: 1, lineTotal: 1 }],
      shippingAddress: { ...order.shippingAddress, name: hostile, line1: hostile, city: hostile },
    },
    { ...shop, shopName: hostile },
  );

  test('is no markup in HTML', () => {
    expect(email.html).not.toContain('<script');
    expect(email.html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;');
  });

  test('begins no line in the subject or the text, and turns no direction', () => {
    expect(email.subject).not.toMatch(/[\r\n\u2028]/);
    for (const body of [email.subject, email.text, email.html]) {
      expect(body).not.toMatch(/^\s*Bcc:/m);
      for (const mark of ['\u0000', '\u2028', '\u202e', '\r']) expect(body).not.toContain(mark);
    }
  });

  test('in any script of the world is kept', () => {
    expect(email.text).toContain('naïve 漢字 👩‍👩‍👧');
  });
});
