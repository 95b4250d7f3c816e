/** Pictures of products: taken from staff by their bytes, made anew in three widths, and served under a lasting address. */
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import sharp from 'sharp';
import { pictureUrl, sendPicture } from '../../client-sdk/src/index.ts';
import { driverCollection } from '../../models/db/connection.ts';
import { newEmail } from '../../models/messaging/email-document.ts';
import { clearPictures } from '../../models/pictures/clear-pictures.ts';
import { placeOrder } from '../e2e/place-order.ts';
import { eventually } from '../support/eventually.ts';
import { errorCodeOf } from '../support/shopping.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { type SignedIn, startTestApp, type TestApp } from '../support/test-app.ts';

let app: TestApp;
let staff: SignedIn;
beforeAll(async () => {
  app = await startTestApp();
  staff = await app.signUp({ role: 'manager' });
});
afterAll(() => app.stop());

const drawn = (width: number, height: number, background = '#2a6f4e') =>
  sharp({ create: { width, height, channels: 3, background } });
const send = (bytes: Uint8Array, token = staff.token) =>
  sendPicture({ url: app.url, token, file: new Blob([Buffer.from(bytes)]) });
const served = (pictureId: string, width: 320 | 640 | 1280) => fetch(pictureUrl(app.url, pictureId, width));
const decoded = async (reply: Response) => sharp(Buffer.from(await reply.arrayBuffer())).metadata();

test('a photograph is turned upright, loses where it was taken, and is served in three widths for ever', async () => {
  const photograph = await drawn(2000, 1500)
    .withExif({ IFD0: { Copyright: 'canary' }, IFD3: { GPSLatitude: '6/1 27/1 0/1' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  const sent = await send(photograph);
  expect(sent).toMatchObject({ width: 1280, height: 1707 });
  for (const width of [320, 640, 1280] as const) {
    const reply = await served(sent.pictureId, width);
    expect([reply.status, reply.headers.get('content-type'), reply.headers.get('cache-control')]).toEqual([
      200,
      'image/webp',
      'public, max-age=31536000, immutable',
    ]);
    const { format, exif, orientation, ...size } = await decoded(reply);
    expect([format, exif, orientation, size.width]).toEqual(['webp', undefined, undefined, width]);
  }
  expect(await send(photograph)).toEqual(sent);
});

test.each(['jpeg', 'png', 'webp', 'avif'] as const)('a small %s is taken and not enlarged', async (format) => {
  const sent = await send(await drawn(200, 100, '#884422').toFormat(format).toBuffer());
  expect(sent).toMatchObject({ width: 200, height: 100 });
  expect(await decoded(await served(sent.pictureId, 1280))).toMatchObject({ width: 200, height: 100 });
});

test('a picture with transparency and 16 bits keeps both sides of its colours', async () => {
  const clear = { r: 200, g: 40, b: 40, alpha: 0.5 };
  const png = await sharp({ create: { width: 300, height: 200, channels: 4, background: clear } })
    .toColourspace('rgb16')
    .png()
    .toBuffer();
  const { pictureId } = await send(png);
  const { data, info } = await sharp(Buffer.from(await (await served(pictureId, 320)).arrayBuffer()))
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect([info.channels, Math.abs((data[0] ?? 0) - 200) < 12, Math.abs((data[3] ?? 0) - 128) < 6]).toEqual([
    4,
    true,
    true,
  ]);
  const mail = await fetch(`${app.url}/pictures/${pictureId}/mail.jpg`);
  const { dominant } = await sharp(Buffer.from(await mail.arrayBuffer())).stats();
  expect(dominant.g).toBeGreaterThan(120);
});

/** A PNG of one colour whose header names more pixels than memory holds: some 100 kB for 900 megapixels. */
function bomb(side: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const ends = [Buffer.alloc(4), body, Buffer.alloc(4)];
    ends[0]?.writeUInt32BE(data.length);
    ends[2]?.writeUInt32BE(crcOf(body));
    return Buffer.concat(ends);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.writeUInt8(1, 8);
  const rows = deflateSync(Buffer.alloc((Math.ceil(side / 8) + 1) * side));
  const beginning = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([beginning, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

function crcOf(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

describe('refused, and nothing of it is stored:', () => {
  const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
  test.each([
    ['a drawing with a script', () => Buffer.from(SVG), 'must be a JPEG, a PNG, a WebP or an AVIF'],
    ['a page that is named picture', () => Buffer.from('<!doctype html><script>'), 'must be a JPEG'],
    ['a PDF', () => Buffer.from('%PDF-1.7'), 'must be a JPEG'],
    ['a script behind the first bytes of a JPEG', () => Buffer.from(`\xff\xd8\xff${SVG}`, 'latin1'), 'is damaged'],
    ['half a PNG', async () => (await drawn(400, 400).png().toBuffer()).subarray(0, 300), 'is damaged'],
    ['900 megapixels in a small file', () => bomb(30_000), 'has too many pixels'],
    ['11 MB', () => Buffer.alloc(11 * 1024 * 1024, 1), 'too large'],
    ['nothing', () => Buffer.alloc(0), 'must be a JPEG'],
  ])('%s', async (_, make, message) => {
    const before = await driverCollection(app.db.pictures).countDocuments();
    await expect(send(await make())).rejects.toThrow(message);
    expect(await driverCollection(app.db.pictures).countDocuments()).toBe(before);
  });

  test('a picture of a customer, of a packer and of nobody', async () => {
    const picture = await drawn(10, 10).png().toBuffer();
    const [shopper, packer] = await Promise.all([app.signUp(), app.signUp({ role: 'packer' })]);
    for (const token of [shopper.token, packer.token, 'none']) await expect(send(picture, token)).rejects.toThrow();
  });
});

test('a product shows its pictures in the order that staff choose, the first one also in the list', async () => {
  const { productId, slug } = await stockVariant(app.db);
  const [front, back] = await Promise.all(
    ['#112233', '#445566'].map(async (colour) => send(await drawn(640, 480, colour).png().toBuffer())),
  );
  if (!front || !back) throw new Error('two pictures were sent');
  const chosen = [{ pictureId: back.pictureId, text: 'From behind' }, { pictureId: front.pictureId }];
  await staff.client.admin.setPictures.mutate({ productId, pictures: chosen });
  const { title, pictures } = await app.client().catalog.product.query({ slug });
  expect(pictures).toEqual([
    { pictureId: back.pictureId, width: 640, height: 480, text: 'From behind' },
    { pictureId: front.pictureId, width: 640, height: 480, text: title },
  ]);
  const { items } = await app.client().catalog.products.query({});
  expect(items.find(({ id }) => id === productId)?.picture).toEqual(pictures[0]);
  await staff.client.admin.setPictures.mutate({ productId, pictures: [] });
  expect((await app.client().catalog.product.query({ slug })).pictures).toEqual([]);
});

test('an order shows the picture of its day, in its page and emails, and the cart the first one', async () => {
  const item = await stockVariant(app.db, { title: 'Brass lamp' });
  const { pictureId } = await send(await drawn(640, 480, '#bb8833').png().toBuffer());
  await staff.client.admin.setPictures.mutate({ productId: item.productId, pictures: [{ pictureId }] });
  const shopper = await app.signUp();
  const cart = await shopper.client.cart.addItem.mutate({ variantId: item.variantId, quantity: 1 });
  expect(cart.lines[0]?.picture).toMatchObject({ pictureId, text: 'Brass lamp' });
  const { orderId } = await placeOrder(shopper, item);
  await staff.client.admin.setPictures.mutate({ productId: item.productId, pictures: [] });
  const { items } = await shopper.client.orders.get.query({ id: orderId });
  expect(items[0]?.pictureId).toBe(pictureId);
  const order = await driverCollection(app.db.orders).findOne({ _id: new Types.ObjectId(orderId) });
  if (!order) throw new Error('the order was placed');
  const email = newEmail(order._id, 'order_confirmed', 2, {}, new Date());
  const { html } = await app.ctx.renderEmail(email, order);
  const source = `${app.ctx.config.publicUrl.replace(/\/$/, '')}/pictures/${pictureId}/mail.jpg`;
  expect(html).toContain(`<img src="${source}"`);
  const shown = await fetch(`${app.url}/pictures/${pictureId}/mail.jpg`);
  // A mail reader is another origin.
  expect(shown.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  expect([shown.headers.get('content-type'), shown.headers.get('x-content-type-options')]).toEqual([
    'image/jpeg',
    'nosniff',
  ]);
  expect(await decoded(shown)).toMatchObject({ format: 'jpeg', width: 128, height: 128 });
});

test('a picture that its product lost is deleted after a day, but not one of an order or of another product', async () => {
  const [bought, plain, other] = [await stockVariant(app.db), await stockVariant(app.db), await stockVariant(app.db)];
  const [ordered, lost, shared, taken] = await Promise.all(
    ['#010203', '#040506', '#070809', '#0a0b0c'].map(
      async (colour) => (await send(await drawn(64, 48, colour).png().toBuffer())).pictureId,
    ),
  );
  const choose = (productId: string, ...ids: (string | undefined)[]) =>
    staff.client.admin.setPictures.mutate({ productId, pictures: ids.map((id = '') => ({ pictureId: id })) });
  await choose(bought.productId, ordered);
  await choose(plain.productId, lost, shared, taken);
  await choose(other.productId, shared);
  const shopper = await app.signUp();
  const { orderId } = await placeOrder(shopper, bought);
  await eventually('the order can be found', async () =>
    Boolean(await app.db.orderSearch.exists({ _id: new Types.ObjectId(orderId) })),
  );
  await choose(bought.productId);
  await choose(plain.productId);
  await choose(plain.productId, taken);
  const statuses = async () =>
    Promise.all([ordered, lost, shared, taken].map(async (id = '') => (await served(id, 320)).status));
  expect(await clearPictures(app.db, new Date())).toBe(0);
  expect(await statuses()).toEqual([200, 200, 200, 200]);
  expect(await clearPictures(app.db, new Date(Date.now() + 25 * 3600_000))).toBeGreaterThan(0);
  expect(await statuses()).toEqual([200, 404, 200, 200]);
  expect(await clearPictures(app.db, new Date(Date.now() + 50 * 3600_000))).toBe(0);
});

test('who has not seen the last change of a product cannot overwrite it', async () => {
  const { productId, variantId } = await stockVariant(app.db);
  const { admin } = staff.client;
  const { pictureId } = await send(await drawn(32, 32).png().toBuffer());
  const { rev } = await admin.setPictures.mutate({ productId, pictures: [{ pictureId }], rev: 0 });
  expect(rev).toBe(1);
  await expect(admin.setPictures.mutate({ productId, pictures: [], rev: 0 })).rejects.toThrow(
    /changed the pictures, now 1/,
  );
  expect(await errorCodeOf(admin.editProduct.mutate({ productId, title: 'Mine', rev: 0 }))).toBe('PREVIEW_OUTDATED');
  expect(await admin.editProduct.mutate({ productId, title: 'Mine', rev: 1 })).toMatchObject({ title: 'Mine', rev: 2 });
  await admin.editVariant.mutate({ variantId, price: 200_00, rev: 0 });
  const late = admin.editVariant.mutate({ variantId, title: 'Small', rev: 0 });
  await expect(late).rejects.toThrow(/edited price: ₦200\.00/);
});

test('a picture ends after a day, unless a product has had it', async () => {
  const { productId } = await stockVariant(app.db);
  const [unused, used] = await Promise.all(
    ['#aa2233', '#aa5566'].map(async (colour) => send(await drawn(64, 48, colour).png().toBuffer())),
  );
  await staff.client.admin.setPictures.mutate({ productId, pictures: [{ pictureId: used?.pictureId ?? '' }] });
  const endOf = async (id = '') => (await driverCollection(app.db.pictures).findOne({ _id: `${id}/640` }))?.expiresAt;
  const day = 24 * 3600_000;
  expect(Math.abs(Number(await endOf(unused?.pictureId)) - Date.now() - day)).toBeLessThan(60_000);
  expect(await endOf(used?.pictureId)).toBeUndefined();
});

test('what was never sent, is named twice or is too much cannot be chosen, and addresses of nothing are not found', async () => {
  const { productId } = await stockVariant(app.db);
  const choose = (...ids: string[]) =>
    errorCodeOf(
      staff.client.admin.setPictures.mutate({ productId, pictures: ids.map((pictureId) => ({ pictureId })) }),
    );
  const { pictureId } = await send(await drawn(20, 20).png().toBuffer());
  expect(await choose('0'.repeat(64))).toBe('INVALID_INPUT');
  expect(await choose(pictureId, '0'.repeat(64))).toBe('INVALID_INPUT');
  expect(await choose(pictureId, pictureId)).toBe('INVALID_INPUT');
  expect(await choose(...Array.from({ length: 9 }, (_, index) => String(index).repeat(64)))).toBe('INVALID_INPUT');
  for (const path of [`${pictureId}/641.webp`, `${pictureId}/320`, '../etc/320.webp', `${'0'.repeat(64)}/320.webp`])
    expect((await fetch(`${app.url}/pictures/${path}`)).status).toBe(404);
});
