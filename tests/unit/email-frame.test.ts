/** Every email to a customer has these around its own text: sums, contact, and words that fit a phone. */
import { expect, test } from '@jest/globals';
import { renderEmail } from '../../server/email/templates.ts';
import { order, shop } from '../support/sample-email.ts';

test('the sums show what went back and what is on its way, alike in text and HTML', () => {
  const money = { paid: 2_750_099, returned: 50_050, returning: 100_000, currency: 'NGN' } as const;
  for (const { text, html } of [renderEmail({ kind: 'order_confirmed' }, { ...order, money }, shop)]) {
    expect(text).toMatch(
      /Total: ₦27,500\.99\n {2}Refunded: -₦500\.50\n {2}Refund on its way: -₦1,000\.00\n {2}Paid in the end: ₦26,000\.49\n/,
    );
    for (const part of ['-₦500.50', '-₦1,000.00', '₦26,000.49']) expect(html).toContain(part);
  }
  const kept = renderEmail(
    { kind: 'order_confirmed' },
    { ...order, money: { ...money, returned: 0, returning: 0 } },
    shop,
  );
  expect(kept.text).not.toContain('Paid in the end');
});

test('an email ends with the shop’s contact, and breaks words that are longer than a phone is wide', () => {
  const contact = { email: 'help@ada.example', phone: '+234 803 000 0000' };
  const { text, html } = renderEmail({ kind: 'order_confirmed' }, order, { ...shop, shopName: 'Ada & Co.', contact });
  expect(text).toMatch(/\n\nAda & Co\.\nhelp@ada\.example, \+234 803 000 0000\n$/);
  expect(html).toContain('help@ada.example, +234 803 000 0000<br>');
  expect(html).toMatch(/ordered at Ada &amp; Co\.<\/p>/);
  expect(html).toMatch(/<body style="[^"]*word-break:break-word"/);
  expect(renderEmail({ kind: 'order_confirmed' }, order, shop).html).toContain(
    'ordered at Adaeze &amp; Daughters.</p>',
  );
});
