/** Money in words: fees and prices by currency, carts that are filled again, addresses of products, texts for people. */
import type { Mutant } from '../mutant.ts';

const cart = { project: 'component', file: 'tests/component/cart-currencies.test.ts' };
const ensuring = { project: 'component', file: 'tests/component/cart-ensure.test.ts' };
const catalogue = { project: 'component', file: 'tests/component/catalog.test.ts' };
const compose = { project: 'unit', file: 'tests/unit/compose-order.test.ts' };
const emails = { project: 'unit', file: 'tests/unit/email-templates.test.ts' };

export const WORDS_MUTANTS: readonly Mutant[] = [
  {
    id: 'fee-of-another-currency',
    what: 'the fee’s number is charged whatever its currency is',
    edits: [
      {
        file: 'models/pricing/shipping-fee.ts',
        find: 'fees.find((fee) => fee.currency === currency) ?? null',
        replace: 'fees[0] ?? { amount: 0, currency }',
      },
    ],
    caughtBy: { ...compose, testNamePattern: 'in a currency that the shop has no fee in' },
  },
  {
    id: 'fee-missing-is-free',
    what: 'an order in a currency without a fee is delivered for nothing',
    edits: [
      {
        file: 'models/checkout/compose-order.ts',
        find: "  if (shippingFee === null) throw noFeeIn(input.shippingFees, currency, 'cart');\n",
        replace: '',
      },
      {
        file: 'models/checkout/compose-order.ts',
        find: '    shippingFee,\n',
        replace: '    shippingFee: shippingFee ?? 0,\n',
      },
    ],
    caughtBy: { ...compose, testNamePattern: 'in a currency that the shop has no fee in' },
  },
  {
    id: 'refusal-unsaid',
    what: 'a cart that checkout refuses is shown as if it could be ordered',
    edits: [
      {
        file: 'models/cart/cart-view.ts',
        find: '  return why === null ? null : `This cart cannot be ordered: ${why}.`;',
        replace: '  return why === null ? why : null;',
      },
    ],
    caughtBy: { ...cart, testNamePattern: 'is refused before checkout, and at checkout' },
  },
  {
    id: 'price-over-currencies',
    what: 'the lowest number of all currencies is the price to begin from',
    edits: [
      {
        file: 'models/catalogue/browse.ts',
        find: "_id: '$offer.currency',",
        replace: "_id: 'NGN',",
      },
    ],
    caughtBy: { ...catalogue, testNamePattern: 'show the lowest price of each currency apart' },
  },
  {
    id: 'ensure-adds',
    what: 'ensuring lines adds the units to those that are there',
    edits: [
      {
        file: 'models/cart/ensure-lines.ts',
        find: 'return own !== undefined && isShort(item) ? toItem(own) : item;',
        replace:
          'return own !== undefined && isShort(item) ? { ...toItem(own), quantity: item.quantity + own.quantity } : item;',
      },
    ],
    caughtBy: { ...ensuring, testNamePattern: 'the larger quantity of the two is in the cart' },
  },
  {
    id: 'ensure-lowers',
    what: 'ensuring fewer units than there are takes some out',
    edits: [
      {
        file: 'models/cart/ensure-lines.ts',
        find: '?.quantity ?? 0) > quantity;',
        replace: '?.quantity ?? quantity) !== quantity;',
      },
    ],
    caughtBy: { ...ensuring, testNamePattern: 'the larger quantity of the two is in the cart' },
  },
  {
    id: 'ensure-overfills',
    what: 'ensuring lines exceeds the limit of lines',
    edits: [
      {
        file: 'models/cart/ensure-lines.ts',
        find: '    .slice(0, Math.max(0, MAX_CART_LINES - grown.length))\n',
        replace: '',
      },
    ],
    caughtBy: { ...ensuring, testNamePattern: 'a full cart takes no new line' },
  },
  {
    id: 'slug-taken-over',
    what: 'another product gets a slug that a product had before',
    edits: [
      {
        file: 'models/catalogue/product.ts',
        find: 'productSchema.index({ slugs: 1 }, { unique: true });',
        replace: 'productSchema.index({ slugs: 1 });\nproductSchema.index({ slug: 1 }, { unique: true });',
      },
    ],
    caughtBy: { ...catalogue, testNamePattern: 'an old slug keeps leading to it' },
  },
  {
    id: 'old-slug-forgotten',
    what: 'the old address of a product leads nowhere',
    edits: [
      {
        file: 'models/catalogue/browse.ts',
        find: 'return readProduct(db, { slugs: slug }, fees);',
        replace: 'return readProduct(db, { slug } as never, fees);',
      },
    ],
    caughtBy: { ...catalogue, testNamePattern: 'an old slug keeps leading to it' },
  },
  {
    id: 'decline-without-words',
    what: 'the bank’s words about a decline are lost',
    edits: [
      {
        file: 'models/payment/evaluate-charge.ts',
        find: "status: 'failed', failedAt: now, gatewayResponse };",
        replace: "status: 'failed', failedAt: now };",
      },
    ],
    caughtBy: {
      project: 'unit',
      file: 'tests/unit/evaluate-charge.test.ts',
      testNamePattern: 'a decline keeps its time and the bank’s words, once',
    },
  },
  {
    id: 'items-offered-after-shipping',
    what: 'a customer who got a part of the goods is invited to order all again',
    edits: [
      {
        file: 'server/email/templates/cancelled-wording.ts',
        find: "content.why === 'by_customer' || content.hasShipped ?",
        replace: "content.why === 'by_customer' ?",
      },
    ],
    caughtBy: { ...emails, testNamePattern: 'offers the items back only where the order ended without them' },
  },
  {
    id: 'amount-bare-in-history',
    what: 'staff read an amount in subunits',
    edits: [
      {
        file: 'server/trpc/views/history-text.ts',
        find: '`refund of ${describeAmount(data.amount, currency)}`',
        replace: '`refund of ${data.amount} ${currency}`',
      },
    ],
    caughtBy: { project: 'unit', file: 'tests/unit/texts.test.ts', testNamePattern: 'the staff’s page of an order' },
  },
];
