/** Bounds that client and server share. Text lengths are counted in UTF-16 units, after trimming. */
import type { Currency } from './money.ts';

/** Lines of a cart, and so of an order. */
export const MAX_CART_LINES = 100;
/** Units on one line. */
export const MAX_LINE_QUANTITY = 999;
/** With this many unpaid orders, a shopper must pay or cancel one before the next checkout. */
export const MAX_UNPAID_ORDERS = 5;
/** Payment references of one order. */
export const MAX_PAYMENT_ATTEMPTS = 10;
/** Shipments of one order, voided ones included. */
export const MAX_SHIPMENTS = 200;
/** Carriers that the settings name. */
export const MAX_CARRIERS = 50;
/** Addresses of staff that the settings name. */
export const MAX_RECIPIENTS = 20;
/** Rows of one call that ships many orders. */
export const MAX_SHIP_ROWS = 25;
/** Subscriptions to orders that one user may have open, per process. */
export const MAX_SUBSCRIPTIONS_PER_USER = 5;

/** Staff's notes on one order. */
export const MAX_NOTES = 30;
/** Staff's tags of one order. */
export const MAX_TAGS = 10;

/** Bytes of a file that answers a dispute (Paystack's documentation). */
export const MAX_DISPUTE_FILE_BYTES = 5 * 1024 * 1024;

/** Pictures of one product. */
export const MAX_PICTURES = 8;
/** Bytes of a picture as staff send it. */
export const MAX_PICTURE_BYTES = 10 * 1024 * 1024;
/** The widths in pixels in which every picture is served. A smaller picture is not enlarged. */
export const PICTURE_WIDTHS = [320, 640, 1280] as const;
/** The side in pixels of the square in which emails show a picture, as JPEG: some mail readers know no WebP. */
export const MAIL_PICTURE_SIDE = 128;
/** The box in pixels that a logo is fitted into: twice the largest on a page, for sharp screens. */
export const LOGO_BOX = { width: 480, height: 128 } as const;

/** Items of a page. */
export const DEFAULT_PAGE_LIMIT = 20;
export const MAX_PAGE_LIMIT = 50;
/** Lists count up to one more than this: 1,001 means "more than 1,000". */
export const MAX_COUNT = 1_000;

/** Paystack's smallest charge, in subunits (Paystack's documentation, supported currencies). */
export const MINIMUM_CHARGE: Record<Currency, number> = {
  NGN: 50_00,
  GHS: 10,
  ZAR: 1_00,
  KES: 3_00,
  USD: 2_00,
  XOF: 1_00,
};
/** In subunits. Leaves three digits below 2^53 for sums over orders. */
export const MAXIMUM_TOTAL = 1_000_000_000_000;
/** In subunits. Keeps the largest cart (100 lines of 999) within exact integers. */
export const MAX_PRICE = 10_000_000_000;
/** Units of one variant. */
export const MAX_STOCK = 1_000_000_000;
/** A variant with at most so many units free to sell has a low stock, unless the settings say otherwise. */
export const LOW_STOCK = 5;
/** Shoppers see exact stock up to this many units. */
export const MAX_STOCK_SHOWN = 10;

/** Addresses that an account keeps. */
export const MAX_SAVED_ADDRESSES = 10;

/** Characters after normalisation. The upper bound keeps hashing cheap. */
export const PASSWORD_LENGTH = { least: 10, most: 128, sent: 512 } as const;
/** RFC 5321's longest address that fits between angle brackets. */
export const MAX_EMAIL_LENGTH = 254;

/** The longest text of each kind of field. */
export const MAX_LENGTH = {
  name: 100,
  addressLine: 200,
  city: 100,
  state: 100,
  postalCode: 20,
  /** Two numbers, or one with an extension. */
  phone: 60,
  title: 200,
  slug: 100,
  sku: 64,
  description: 5_000,
  category: 50,
  /** Describes a picture to those who cannot see it. */
  pictureText: 200,
  search: 100,
  carrier: 100,
  trackingNumber: 100,
  trackingUrl: 500,
  /** A reason or a note that staff write about an action. */
  note: 200,
  orderNote: 500,
  tag: 40,
  /** Staff's words to a bank about a dispute. */
  disputeMessage: 500,
  serviceDetails: 2_000,
  /** One policy of the shop. */
  policy: 20_000,
  deliveryAddress: 800,
} as const;
