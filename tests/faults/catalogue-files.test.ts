/** Files for the catalogue that are wrong, huge or hostile, and what the shop needs of memory for its own. */
import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Types } from 'mongoose';
import sharp from 'sharp';
import { readProductRows } from '../../client-sdk/desk/src/products/import/import-rows.ts';
import { driverCollection } from '../../models/db/connection.ts';
import { makeConfirmedOrder } from '../support/orders.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { type SignedIn, startTestApp, type TestApp } from '../support/test-app.ts';

jest.setTimeout(300_000);

const ROWS = 100_000;
const BATCH = 5_000;
const MB = 1024 * 1024;
/** The memory that an export may take beside its first rows, whatever its length is. */
const FLAT_BYTES = 40 * MB;
const NAMES = 'product,title,category,description,sku,variant,price,currency,stock';

let app: TestApp;
let staff: SignedIn;
let collectGarbage: () => void;
beforeAll(async () => {
  setFlagsFromString('--expose_gc');
  collectGarbage = runInNewContext('gc') as () => void;
  app = await startTestApp({ env: { CALLS_PER_MINUTE: '100000' } });
  staff = await app.signUp({ role: 'manager' });
});
afterAll(() => app.stop());

const bearer = () => ({ authorization: `Bearer ${staff.token}` });

/** Reads an export as it comes. Returns its lines, and the most bytes that the process held beyond those after its first part. */
async function readExport(path: string): Promise<{ lines: number; grownBytes: number }> {
  const reply = await fetch(`${app.url}${path}`, { headers: bearer() });
  if (!reply.ok || reply.body === null) throw new Error(`the export answered ${reply.status}`);
  let [lines, unsampled, first, most] = [0, 0, 0, 0];
  for await (const chunk of reply.body as unknown as AsyncIterable<Uint8Array>) {
    for (const byte of chunk) if (byte === 10) lines += 1;
    unsampled += chunk.length;
    if (unsampled < MB) continue;
    unsampled = 0;
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    if (first === 0) first = heapUsed + external;
    most = Math.max(most, heapUsed + external);
  }
  return { lines, grownBytes: most - first };
}

describe('100,000 rows', () => {
  test('of products go out with flat memory, are all checked when they come in, and change nothing', async () => {
    for (let from = 0; from < ROWS; from += BATCH) {
      const products = Array.from({ length: BATCH / 10 }, (_, index) => productAt(from / 10 + index));
      await app.db.products.collection.insertMany(products);
      await driverCollection(app.db.variants).insertMany(
        products.flatMap(({ _id: productId, slug }) =>
          Array.from({ length: 10 }, (_, n) => ({
            ...{ _id: new Types.ObjectId(), productId, sku: `${slug.toUpperCase()}-${n}`, title: `Size ${n}` },
            ...{ price: 150_000 + n, currency: 'NGN' as const, stock: n, reserved: 0 },
          })),
        ),
      );
    }
    const { lines, grownBytes } = await readExport('/admin/products/list.csv');
    expect(lines).toBeGreaterThanOrEqual(ROWS + 1);
    expect(grownBytes).toBeLessThan(FLAT_BYTES);
    const text = await (await fetch(`${app.url}/admin/products/list.csv`, { headers: bearer() })).text();
    const { parts, rows, faults } = readProductRows(text);
    expect([rows, faults.size]).toEqual([ROWS, 0]);
    const file = createHash('sha256').update(text).digest('hex');
    const changes = new Set<string>();
    for (const part of parts) {
      const input = { file, withStock: true, rows: part };
      const { products } = await staff.client.admin.previewImport.mutate(input);
      for (const { change } of products) changes.add(change);
    }
    expect([...changes]).toEqual(['same']);
    for (const part of parts.slice(0, 5)) {
      const { products } = await staff.client.admin.importProducts.mutate({ file, withStock: true, rows: part });
      expect(products.filter(({ outcome }) => outcome !== 'same')).toEqual([]);
    }
    expect(await app.db.products.countDocuments({ rev: { $exists: true } })).toBe(0);
    expect(await driverCollection(app.db.stockMovements).countDocuments()).toBe(0);
  });

  test('of orders go out with flat memory', async () => {
    const variantId = new Types.ObjectId((await stockVariant(app.db)).variantId);
    const variant = await driverCollection(app.db.variants).findOne({ _id: variantId });
    if (!variant) throw new Error('the variant was made');
    const order = await makeConfirmedOrder(app.db, { lines: [{ variant, quantity: 1 }] });
    for (let from = 0; from < ROWS; from += BATCH)
      await driverCollection(app.db.orders).insertMany(
        Array.from({ length: BATCH }, (_, index) => {
          const code = `COPY${from + index}`;
          const payments = order.payments.map((payment) => ({ ...payment, reference: `ord-${code}-1` }));
          return { ...order, _id: new Types.ObjectId(), code, checkoutKey: code, txRef: `ord-${code}-1`, payments };
        }),
      );
    const { lines, grownBytes } = await readExport('/admin/orders/list.csv');
    expect(lines).toBeGreaterThanOrEqual(ROWS + 1);
    expect(grownBytes).toBeLessThan(FLAT_BYTES);
  });
});

function productAt(n: number) {
  const slug = `bulk-${n}`;
  return {
    ...{ _id: new Types.ObjectId(), slug, slugs: [slug], title: `Bulk ${n}`, description: `About ${n}.`.repeat(20) },
    ...{ category: 'Bulk', categoryKey: 'bulk', createdAt: new Date() },
  };
}

test('formulas, repeated SKUs and rows that are none are told by row, and nothing of their products is done', async () => {
  const item = await stockVariant(app.db, { title: 'Honest' });
  const lines = [
    `${item.slug},"=HYPERLINK(""http://x"")",,,${item.sku},@cmd,,,`,
    'half,Half,Things,Half done.,HALF-1,One,5,,1',
    'half,,,,HALF-1,Two,6,,1',
    'half,,,,HALF-2,Three,=1+1,,1e3',
    ',,,,,,,,',
  ];
  const text = `${NAMES}\n${lines.join('\n')}`;
  const [rows = []] = readProductRows(text).parts;
  const { products } = await staff.client.admin.importProducts.mutate({ file: 'a'.repeat(64), rows });
  expect(products.map(({ product, outcome }) => [product, outcome])).toEqual([
    [item.slug, 'done'],
    ['half', 'fault'],
    ['', 'fault'],
  ]);
  expect(products[1]?.faults.map(({ row }) => row)).toEqual([3, 4, 4]);
  expect(await driverCollection(app.db.variants).countDocuments({ sku: /^HALF/ })).toBe(0);
  expect(await app.db.products.countDocuments({ slug: 'half' })).toBe(0);
  const out = await (await fetch(`${app.url}/admin/products/list.csv`, { headers: bearer() })).text();
  expect(out).toContain(`"'=HYPERLINK(""http://x"")"`);
  expect(out).not.toMatch(/(^|,|")[=@]/m);
});

describe('a file for a picture', () => {
  const send = (body: Uint8Array) =>
    fetch(`${app.url}/admin/pictures`, { method: 'POST', headers: bearer(), body: Buffer.from(body) });
  const stored = () => driverCollection(app.db.pictures).countDocuments();
  const SCRIPT = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';

  test('of 50 MB, a drawing with a script, a page and a cut one are refused in words, also when many come at once', async () => {
    const before = await stored();
    const jpeg = await sharp({ create: { width: 800, height: 600, channels: 3, background: '#fff' } })
      .jpeg()
      .toBuffer();
    const files: [Buffer, RegExp][] = [
      [Buffer.alloc(50 * MB, 1), /too large/],
      [Buffer.from(SCRIPT), /must be a JPEG/],
      [Buffer.from(`<!doctype html>${SCRIPT}`), /must be a JPEG/],
      [jpeg.subarray(0, 200), /damaged/],
      ...Array.from({ length: 4 }, (): [Buffer, RegExp] => [
        Buffer.concat([jpeg.subarray(0, 3), Buffer.from(SCRIPT)]),
        /damaged/,
      ]),
    ];
    const replies = await Promise.all(files.map(([bytes]) => send(bytes).catch(() => null)));
    for (const [index, reply] of replies.entries()) {
      // The shop may close the connection while it is still being sent 50 MB.
      if (reply === null) expect(index).toBe(0);
      else
        expect([reply.status >= 400 && reply.status < 500, await reply.text()]).toEqual([
          true,
          expect.stringMatching(files[index]?.[1] ?? /-/),
        ]);
    }
    expect(await stored()).toBe(before);
    expect((await app.client().catalog.products.query({ limit: 1 })).items).toHaveLength(1);
  });

  test('that is a picture and a page at once is served as the picture alone', async () => {
    const png = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#123456' } })
      .png()
      .toBuffer();
    const reply = await send(Buffer.concat([png, Buffer.from(`<html>${SCRIPT}`)]));
    const { pictureId } = (await reply.json()) as { pictureId: string };
    for (const name of ['320.webp', '640.webp', '1280.webp', 'mail.jpg']) {
      const served = await fetch(`${app.url}/pictures/${pictureId}/${name}`);
      const bytes = Buffer.from(await served.arrayBuffer());
      expect(served.headers.get('content-type')).toMatch(/^image\/(webp|jpeg)$/);
      expect(served.headers.get('x-content-type-options')).toBe('nosniff');
      expect(bytes.includes('script')).toBe(false);
    }
  });
});
