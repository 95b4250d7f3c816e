/**
 * The receipt of an order as a PDF: lines, totals, payment, what went back, and delivery. For the customer, and as the answer
 * to a dispute where staff attach no file of their own, because Paystack requires one.
 */
import { inflateSync } from 'node:zlib';
import { countryName } from '../../models/address/country.ts';
import { formatMoney } from '../../models/contract/money.ts';
import { addressOf, contactOf } from '../../models/order/contact.ts';
import { paidAndReturned } from '../../models/order/money/paid-and-returned.ts';
import type { Order } from '../../models/order/order-document.ts';
import { findLeadingCharge } from '../../models/order/payment-status.ts';
import { liveShipments } from '../../models/order/units.ts';
import { formatInstant } from '../../models/shop-time.ts';
import { returnedRows } from '../email/templates/order-summary.ts';
import { contactLine, oneLine } from '../email/templates/plain-text.ts';
import { isolate, MISSING } from './bidi-text.ts';
import { MARGIN, PageWriter, type Row } from './page-writer.ts';

export interface ReceiptShop {
  shopName: string;
  contact: { email?: string; phone?: string };
  /** Days and times are those of this zone. */
  timeZone: string;
}

let tools: ReturnType<typeof load> | undefined;

/** Loaded with the first receipt, because few processes ever make one and the package is large. */
async function load() {
  const [{ default: PDFDocument }, { SANS }, { SANS_BOLD }] = await Promise.all([
    import('pdfkit'),
    import('./fonts/sans.ts'),
    import('./fonts/sans-bold.ts'),
  ]);
  const unpack = (font: string) => inflateSync(Buffer.from(font, 'base64'));
  return { PDFDocument, regular: unpack(SANS), bold: unpack(SANS_BOLD) };
}

/** An order of 100 lines takes some pages and tens of milliseconds. */
export async function renderReceipt(order: Order, shop: ReceiptShop): Promise<Uint8Array> {
  tools ??= load();
  const { PDFDocument, regular, bold } = await tools;
  const document = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    info: { Title: `Receipt of order ${order.code}`, Author: oneLine(shop.shopName) },
    lang: 'en',
    displayTitle: true,
    // The package's own fonts lack the signs of most currencies.
    font: regular as unknown as string,
  });
  document.registerFont('regular', regular).registerFont('bold', bold);
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve, reject) => {
    document.once('end', resolve);
    document.once('error', reject);
  });
  write(new PageWriter(document), order, shop);
  document.end();
  await ended;
  return Buffer.concat(chunks);
}

function write(page: PageWriter, order: Order, { shopName, contact, timeZone }: ReceiptShop): void {
  const at = (instant: Date) => formatInstant(instant, timeZone);
  const money = (amount: number) => formatMoney({ amount, currency: order.currency });
  page.font('bold', 18).text(oneLine(shopName));
  const reached = contactLine(contact);
  if (reached !== '') page.font('regular', 10).text(reached);
  page.down(0.5).font('bold', 13).text(`Receipt of order ${order.code}`);
  page.font('regular', 10).text(`Placed ${at(order.createdAt)}`);
  page.heading('What was bought');
  for (const { productSnapshot, variantSnapshot, quantity, unitPrice, lineTotal } of order.items) {
    const name = [productSnapshot.title, variantSnapshot.title]
      .map((title) => oneLine(title))
      .filter(Boolean)
      .map(isolate)
      .join(', ');
    page.row([`${quantity} × ${name}, ${money(unitPrice)} each`, money(lineTotal)]);
  }
  page.row(['Goods', money(order.subtotal)]);
  page.row([`Shipping: ${isolate(oneLine(order.delivery.label))}`, money(order.shippingFee)]);
  page.font('bold', 10).row(['Total', money(order.total)]);
  page.font('regular', 10).heading('Payment');
  for (const line of paymentOf(order, at)) page.text(line);
  for (const row of returnedOf(order)) page.row(row);
  page.heading('Delivery');
  for (const line of deliveryOf(order, at)) page.text(line);
  page.down(1).font('regular', 8).text(`Times are those of ${timeZone}.`);
  if (page.hasBoxes) page.text(`${MISSING} stands for a character that this document has no letter for.`);
}

function paymentOf(order: Order, at: (instant: Date) => string): string[] {
  const charge = findLeadingCharge(order);
  if (charge?.amount === undefined) return ['Not paid.'];
  const { reference, paidAt, amount } = charge;
  const paid = formatMoney({ amount, currency: order.currency });
  return [`${paid} paid${paidAt === undefined ? '' : ` on ${at(paidAt)}`}, reference ${reference}`];
}

/** The rows for returned money and for refunds on their way, with the sum paid in the end. Exported for the tests. */
export function returnedOf(order: Order): Row[] {
  const money = paidAndReturned(order);
  return money === null ? [] : returnedRows(money);
}

function deliveryOf(order: Order, at: (instant: Date) => string): string[] {
  const { name, line1, line2 = '', city, state, postalCode = '', country, phone } = addressOf(order);
  const town = [city, state].flatMap((part) => (part === undefined ? [] : isolate(oneLine(part)))).join(', ');
  const parcels = liveShipments(order).map(({ kind, carrier, trackingNumber, shippedAt, deliveredAt }) => {
    const [gone, arrived] = kind === 'pickup' ? ['Ready for pick-up', 'collected'] : ['Sent', 'delivered'];
    return [
      `${gone} on ${at(shippedAt)}`,
      ...(carrier === undefined ? [] : [isolate(oneLine(carrier))]),
      ...(trackingNumber === undefined ? [] : [`tracking number ${oneLine(trackingNumber)}`]),
      ...(deliveredAt === undefined ? [] : [`${arrived} on ${at(deliveredAt)}`]),
    ].join(', ');
  });
  const { email } = contactOf(order);
  return [
    ...[name, line1, line2].map((line) => oneLine(line)).filter(Boolean),
    `${town} ${oneLine(postalCode)}`.trim(),
    ...[countryName(country), phone, email].map((line) => oneLine(line)),
    ...(parcels.length === 0 ? ['Nothing was sent yet.'] : parcels),
  ];
}
