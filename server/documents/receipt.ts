/**
 * The receipt of an order as a PDF: lines, totals, payment, what went back, and delivery. For the customer, and as the answer
 * to a dispute where staff attach no file of their own, because Paystack requires one.
 */
import { inflateSync } from 'node:zlib';
import { formatMoney } from '../../models/contract/money.ts';
import { addressOf, contactOf } from '../../models/order/contact.ts';
import type { Order } from '../../models/order/order-document.ts';
import { findLeadingCharge } from '../../models/order/payment-status.ts';
import { liveShipments } from '../../models/order/units.ts';
import { paidAndReturned } from '../../models/payment/paid-and-returned.ts';
import { formatInstant } from '../../models/shop-time.ts';
import { returnedRows } from '../email/templates/order-summary.ts';
import { oneLine } from '../email/templates/plain-text.ts';

export interface ReceiptShop {
  shopName: string;
  contact: { email?: string; phone?: string };
  /** Days and times are those of this zone. */
  timeZone: string;
}

type Row = readonly [left: string, right: string];

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
const MARGIN = 50;
/** Room for an amount at the right, in points. */
const AMOUNT_WIDTH = 130;

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
  write(document, order, shop);
  document.end();
  await ended;
  return Buffer.concat(chunks);
}

function write(document: PDFKit.PDFDocument, order: Order, { shopName, contact, timeZone }: ReceiptShop): void {
  const at = (instant: Date) => formatInstant(instant, timeZone);
  const money = (amount: number) => formatMoney({ amount, currency: order.currency });
  document.font('bold').fontSize(18).text(oneLine(shopName));
  const reached = [contact.email, contact.phone].filter((part) => part !== undefined).join(', ');
  if (reached !== '') document.font('regular').fontSize(10).text(oneLine(reached)).font('bold');
  document.moveDown(0.5).fontSize(13).text(`Receipt of order ${order.code}`);
  document
    .font('regular')
    .fontSize(10)
    .text(`Placed ${at(order.createdAt)}`);
  heading(document, 'What was bought');
  for (const { productSnapshot, variantSnapshot, quantity, unitPrice, lineTotal } of order.items) {
    const name = [productSnapshot.title, variantSnapshot.title]
      .map((title) => oneLine(title))
      .filter(Boolean)
      .join(', ');
    row(document, [`${quantity} × ${name}, ${money(unitPrice)} each`, money(lineTotal)]);
  }
  rows(document, [
    ['Subtotal', money(order.subtotal)],
    [`Delivery: ${oneLine(order.delivery.label)}`, money(order.shippingFee)],
  ]);
  document.font('bold');
  row(document, ['Total', money(order.total)]);
  document.font('regular');
  heading(document, 'Payment');
  for (const line of paymentOf(order, at)) document.text(line);
  rows(document, returnedOf(order));
  heading(document, 'Delivery');
  for (const line of deliveryOf(order, at)) document.text(line);
}

function heading(document: PDFKit.PDFDocument, text: string): void {
  document.moveDown().font('bold').fontSize(11).text(text).moveDown(0.3).font('regular').fontSize(10);
}

function rows(document: PDFKit.PDFDocument, all: readonly Row[]): void {
  for (const each of all) row(document, each);
}

/** A line whose amount stands at the right, beside the first line of a text that may need several. */
function row(document: PDFKit.PDFDocument, [left, right]: Row): void {
  const { width, height } = document.page;
  const textWidth = width - 2 * MARGIN - AMOUNT_WIDTH;
  if (document.y + document.heightOfString(left, { width: textWidth }) > height - MARGIN) document.addPage();
  const { y } = document;
  document.text(right, width - MARGIN - AMOUNT_WIDTH, y, { width: AMOUNT_WIDTH, align: 'right' });
  document.text(left, MARGIN, y, { width: textWidth });
  document.moveDown(0.2);
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
  const parcels = liveShipments(order).map(({ kind, carrier, trackingNumber, shippedAt, deliveredAt }) => {
    const [gone, arrived] = kind === 'pickup' ? ['Ready for pick-up', 'collected'] : ['Sent', 'delivered'];
    return [
      `${gone} on ${at(shippedAt)}`,
      ...(carrier === undefined ? [] : [oneLine(carrier)]),
      ...(trackingNumber === undefined ? [] : [`tracking number ${oneLine(trackingNumber)}`]),
      ...(deliveredAt === undefined ? [] : [`${arrived} on ${at(deliveredAt)}`]),
    ].join(', ');
  });
  const { email } = contactOf(order);
  return [
    ...[name, line1, line2, `${city}, ${state} ${postalCode}`, country, `${phone}, ${email}`]
      .map((line) => oneLine(line))
      .filter((line) => line !== ''),
    ...(parcels.length === 0 ? ['Nothing was sent yet.'] : parcels),
  ];
}
