/** Emails: each amount is right in text and HTML, and no text by a person becomes markup. */

import { describe, expect, test } from '@jest/globals';
import { CANCEL_REASONS, type CancelReason, EMAIL_KINDS, REVIEW_CAUSES } from '../../models/contract/statuses.ts';
import type { EmailContent, EmailOrderView } from '../../server/email/templates/email-content.ts';
import { escapeHtml, oneLine } from '../../server/email/templates/plain-text.ts';
import { renderEmail } from '../../server/email/templates.ts';

const shop = { shopName: 'Adaeze & Daughters', storefrontUrl: 'https://shop.example/' };

const order: EmailOrderView = {
  id: '65f000000000000000000001',
  code: 'K7M2QXR9TWBC',
  contactName: 'Chidi Okafor',
  items: [
    { title: 'Ankara shirt', variant: 'Blue, L', quantity: 2, unitPrice: 1_250_050, lineTotal: 2_500_100 },
    { title: 'Enamel mug', variant: '', quantity: 1, unitPrice: 99_999, lineTotal: 99_999 },
  ],
  currency: 'NGN',
  subtotal: 2_600_099,
  shippingFee: 150_000,
  total: 2_750_099,
  shippingAddress: {
    name: 'Chidi Okafor',
    line1: '1 Marina Road',
    city: 'Lagos',
    state: 'Lagos',
    postalCode: '100001',
    country: 'NG',
    phone: '+2348000000000',
  },
};

const contents: EmailContent[] = [
  { kind: 'order_confirmed' },
  ...CANCEL_REASONS.map((why): EmailContent => ({ kind: 'order_cancelled', why, amount: null })),
  { kind: 'order_cancelled', why: 'by_staff', amount: null, returned: true },
  { kind: 'order_cancelled', why: 'short_stock', amount: 2_750_099 },
  { kind: 'order_shipped', carrier: 'GIG Logistics', trackingNumber: 'GIG-123' },
  { kind: 'order_delivered' },
  { kind: 'refund_started', why: 'duplicate_payment', amount: 2_750_099 },
  { kind: 'refund_started', why: null, amount: 2_750_099 },
  { kind: 'refund_done', amount: 2_750_099 },
  ...REVIEW_CAUSES.map((why): EmailContent => ({ kind: 'payment_review', why })),
];

const textOf = (html: string) => html.replace(/<[^>]*>/g, ' ');

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

  test('a started refund says how much, and refills the cart with one link', () => {
    const { subject, text, html } = render({ kind: 'refund_started', why: 'short_stock', amount: 50_001 });
    expect(subject).toContain('₦500.01');
    expect(text).toContain('https://shop.example/cart?from=K7M2QXR9TWBC');
    expect(html).toContain('href="https://shop.example/cart?from=K7M2QXR9TWBC"');
    expect(text).toContain('the last of what you ordered');
  });

  test('a shipped order gives carrier and tracking number', () => {
    const { text, html } = render({ kind: 'order_shipped', carrier: 'GIG Logistics', trackingNumber: 'GIG-123' });
    for (const body of [text, html]) expect(body).toMatch(/GIG Logistics[\s\S]*GIG-123/);
  });

  test('a cancelled order says that nothing was charged, how much comes back, or that it came back before', () => {
    expect(render({ kind: 'order_cancelled', why: 'expired', amount: null }).text).toContain('not been charged');
    expect(render({ kind: 'order_cancelled', why: 'by_staff', amount: 2_750_099 }).text).toContain('₦27,500.99');
    const { text } = render({ kind: 'order_cancelled', why: 'by_staff', amount: null, returned: true });
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
    expect(CANCEL_REASONS.filter((why) => offers(why))).toEqual(['short_stock', 'expired', 'by_staff']);
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
    const cedis = renderEmail({ kind: 'refund_done', amount: 1_999 }, { ...order, currency: 'GHS' }, shop);
    expect(cedis.subject).toContain('GH₵19.99');
  });

  test('the same input gives the same email', () => {
    expect(render({ kind: 'order_confirmed' })).toEqual(render({ kind: 'order_confirmed' }));
  });
});

describe('hostile text', () => {
  const hostile = '<script>alert(1)</script>"\'&\r\nBcc: all@example.com\u0000\u202e\u2028 naïve 漢字 👩‍👩‍👧';
  const email = renderEmail(
    { kind: 'order_shipped', carrier: hostile, trackingNumber: hostile },
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

test('oneLine cuts long text between characters, never inside one', () => {
  expect(oneLine('👍'.repeat(300))).toBe(`${'👍'.repeat(199)}…`);
  expect(oneLine('  a \t\n b  ')).toBe('a b');
});

test('escapeHtml leaves no character that ends an attribute or opens an element', () => {
  expect(escapeHtml(`<a href="x" title='y'>&`)).toBe('&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;');
});
