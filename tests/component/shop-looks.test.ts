/** Logo, colour, policies and low stock of the settings: what pages and emails show of a change, and what is refused. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { sendLogo } from '../../client-sdk/src/index.ts';
import { runEmailsOnce } from '../../jobs/send-emails.ts';
import { driverCollection } from '../../models/db/connection.ts';
import { buy, errorCodeOf, type Shop, startTestShop } from '../support/shopping.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import type { SignedIn } from '../support/test-app.ts';

const INDEX = `<!doctype html><html><head><title>Built</title>
<link rel="stylesheet" href="/assets/app.css"></head><body><div id="root"></div></body></html>`;

let folder: string;
let shop: Shop;
let owner: SignedIn;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looks-'));
  await writeFile(join(folder, 'index.html'), INDEX);
  shop = await startTestShop({ storefrontDir: folder });
  owner = await shop.signUp({ role: 'owner' });
});
beforeEach(async () => {
  await shop.db.settings.deleteMany({});
  // A process keeps so long what it has read of them.
  shop.clock.advance(60_000);
});
afterAll(async () => {
  await shop.stop();
  await rm(folder, { recursive: true, force: true });
});

const drawn = (width: number, height: number, alpha = 1) =>
  sharp({ create: { width, height, channels: 4, background: { r: 11, g: 110, b: 79, alpha } } });
const upload = (bytes: Uint8Array, token = owner.token) =>
  sendLogo({ url: shop.url, token, file: new Blob([Buffer.from(bytes)]) });
/** The version of the settings as they are. */
const version = async () => (await owner.client.admin.appearance.query()).version;
const look = async (looks: { logo?: string; colour?: string }) => {
  const changed = await owner.client.admin.setAppearance.mutate({ version: await version(), ...looks });
  shop.clock.advance(5_000);
  return changed;
};
const page = async (path: string) => {
  const reply = await fetch(`${shop.url}${path}`, { headers: { accept: 'text/html' } });
  return { status: reply.status, html: await reply.text() };
};
async function mailOfAnOrder() {
  shop.mailbox.clear();
  const { shopper } = await buy(shop);
  await runEmailsOnce(shop.ctx);
  const [mail] = shop.mailbox.mails({ to: shopper.email });
  if (mail === undefined) throw new Error('no email came');
  return mail;
}
async function mailOfAnAccount() {
  const { email } = await shop.signUp();
  shop.mailbox.clear();
  await shop.client().auth.forgotPassword.mutate({ email });
  await shop.ctx.lateWork.ended();
  await runEmailsOnce(shop.ctx);
  const [mail] = shop.mailbox.mails({ to: email });
  if (mail === undefined) throw new Error('no email came');
  return mail;
}

test('without a choice, pages and emails have their own colour, the name, and no policies', async () => {
  expect(await owner.client.admin.appearance.query()).toEqual({ version: 0, logo: null, colour: null });
  expect(await owner.client.admin.policies.query()).toEqual({
    version: 0,
    policies: { returns: null, delivery: null, privacy: null },
  });
  const { html } = await page('/');
  expect(html).not.toContain('/theme/');
  expect((await page('/policies/returns')).status).toBe(404);
  const mail = await mailOfAnOrder();
  expect(mail.html).toContain('#0b6e4f');
  expect(mail.html).not.toContain('logo.png');
});

test('a logo is taken by its bytes, drawn anew, fitted, and shown at once by pages and emails of both kinds', async () => {
  const photo = await drawn(1200, 1200)
    .jpeg()
    .withExif({ IFD0: { Copyright: 'canary' } })
    .toBuffer();
  expect(await upload(photo)).toMatchObject({ width: 128, height: 128 });
  const sent = await upload(await drawn(960, 120, 0.5).png().toBuffer());
  expect(sent).toMatchObject({ width: 480, height: 60 });
  expect(await look({ logo: sent.pictureId })).toMatchObject({ outcome: 'changed', logo: sent, colour: null });
  const served = await fetch(`${shop.url}/pictures/${sent.pictureId}/logo.png`);
  expect([served.status, served.headers.get('content-type'), served.headers.get('cache-control')]).toEqual([
    200,
    'image/png',
    'public, max-age=31536000, immutable',
  ]);
  const { format, exif, hasAlpha } = await sharp(Buffer.from(await served.arrayBuffer())).metadata();
  expect([format, exif, hasAlpha]).toEqual(['png', undefined, true]);
  expect((await shop.client().shop.info.query()).logo).toEqual(sent);
  const { html } = await page('/');
  expect(html).toContain(
    `<meta property="og:image" content="${shop.ctx.config.storefrontUrl}/pictures/${sent.pictureId}`,
  );
  const image = `/pictures/${sent.pictureId}/logo.png" width="240" height="30" alt="Test Shop"`;
  for (const mail of [await mailOfAnOrder(), await mailOfAnAccount()]) {
    expect(mail.html).toContain(image);
    expect(mail.text).toContain('Test Shop');
  }
  expect(await look({})).toMatchObject({ logo: null });
  // Emails that were sent show it.
  const kept = await driverCollection(shop.db.pictures).findOne({ _id: `${sent.pictureId}/logo` });
  expect(kept).not.toHaveProperty('expiresAt');
  expect((await page('/')).html).not.toContain('og:image');
});

test('what is no picture is no logo, nor is one that is not stored, or a picture of a product', async () => {
  const refused = [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), Buffer.from('GIF89a'), Buffer.alloc(9)];
  for (const bytes of refused) await expect(upload(bytes)).rejects.toThrow('must be a JPEG, a PNG, a WebP or an AVIF');
  const damaged = (await drawn(64, 64).png().toBuffer()).subarray(0, 60);
  await expect(upload(damaged)).rejects.toThrow('is damaged');
  expect(await errorCodeOf(look({ logo: 'a'.repeat(64) }))).toBe('INVALID_INPUT');
  const { pictureId } = await upload(await drawn(64, 64).png().toBuffer());
  expect((await fetch(`${shop.url}/pictures/${pictureId}/320.webp`)).status).toBe(404);
  const manager = await shop.signUp({ role: 'manager' });
  await expect(upload(await drawn(64, 64).png().toBuffer(), manager.token)).rejects.toMatchObject({
    code: 'FORBIDDEN',
  });
});

test('a colour is on every page by a style sheet of its own, on pages about errors, and in emails', async () => {
  expect(await look({ colour: '#7A1FA2' })).toMatchObject({ colour: '#7a1fa2' });
  const { html } = await page('/');
  expect(html).toMatch(/app\.css">.*<link rel="stylesheet" id="shop-theme" href="\/theme\/7a1fa2\.css">/s);
  expect((await page('/orders/verify-payment/ord-NOSUCHORDER1-1')).html).toContain('href="/theme/7a1fa2.css"');
  const sheet = await fetch(`${shop.url}/theme/7a1fa2.css`);
  expect([sheet.headers.get('content-type'), sheet.headers.get('cache-control')]).toEqual([
    'text/css; charset=utf-8',
    'public, max-age=31536000, immutable',
  ]);
  expect(await sheet.text()).toContain('--accent: #7a1fa2;');
  for (const mail of [await mailOfAnOrder(), await mailOfAnAccount()]) {
    expect(mail.html).toContain('background:#7a1fa2');
    expect(mail.html).not.toContain('#0b6e4f');
  }
  for (const path of ['/theme/7a1fa2', '/theme/red.css', '/theme/7A1FA2.css', '/theme/7a1fa2.css.map'])
    expect([path, (await page(path)).status]).toEqual([path, 404]);
});

test('a colour that could not be read as text is told before it is saved, and a darker shade is used', async () => {
  const yellow = '#ffd500';
  const preview = await owner.client.admin.previewColour.mutate({ colour: yellow });
  expect(preview.contrast).toBeLessThan(4.5);
  expect(preview.light).not.toBe(yellow);
  expect(preview.dark).toBe(yellow);
  await look({ colour: yellow });
  expect((await mailOfAnOrder()).html).toContain(`background:${preview.light}`);
  expect(await owner.client.admin.previewColour.mutate({ colour: '#0b6e4f' })).toMatchObject({ light: '#0b6e4f' });
  for (const colour of ['red', '#fff', '#12345g', 'url(x)', '#0b6e4f;'])
    expect([colour, await errorCodeOf(look({ colour }))]).toEqual([colour, 'INVALID_INPUT']);
});

test('a policy has a page with its text and head, is named to every page, and stands in emails and the sitemap', async () => {
  const returns = '## Within 14 days\n\nSend it **back**.\n\n- in its box\n- [write to us](mailto:us@shop.example)';
  const changed = await owner.client.admin.setPolicies.mutate({
    version: await version(),
    policies: { returns, privacy: '  ' },
  });
  expect(changed.policies).toEqual({ returns, delivery: null, privacy: null });
  shop.clock.advance(60_000);
  expect(await shop.client().shop.policy.query({ name: 'returns' })).toEqual({ name: 'returns', text: returns });
  expect(await errorCodeOf(shop.client().shop.policy.query({ name: 'privacy' }))).toBe('NOT_FOUND');
  const { status, html } = await page('/policies/returns');
  expect(status).toBe(200);
  expect(html).toContain('<title>Returns and refunds · Test Shop</title>');
  expect(html).toContain('<meta name="description" content="Within 14 days Send it back. in its box write to us">');
  expect(html).toContain('"policy":{"name":"returns","text":"## Within 14 days');
  expect((await page('/')).html).toContain('"policies":["returns"]');
  for (const path of ['/policies/privacy', '/policies/imprint', '/policies/returns/more'])
    expect([path, (await page(path)).status]).toEqual([path, 404]);
  const address = `${shop.ctx.config.storefrontUrl}/policies/returns`;
  expect(await (await fetch(`${shop.url}/sitemap.xml`)).text()).toContain(`<loc>${address}</loc>`);
  for (const mail of [await mailOfAnOrder(), await mailOfAnAccount()]) {
    expect(mail.html).toContain(`href="${address}"`);
    expect(mail.text).toContain(`Returns and refunds: ${address}`);
  }
});

test('each part keeps the others, and of two changes of one version the second changes nothing', async () => {
  const { admin } = owner.client;
  const { pictureId } = await upload(await drawn(64, 32).png().toBuffer());
  await look({ logo: pictureId, colour: '#123456' });
  await admin.setPolicies.mutate({ version: await version(), policies: { returns: 'Within 14 days.' } });
  const parts = async () => ({
    looks: { ...(await admin.appearance.query()), version: 0 },
    texts: (await admin.policies.query()).policies,
    carriers: (await admin.carriers.query()).carriers,
    limits: { ...(await admin.limits.query()), version: 0 },
    shopName: (await admin.shopSettings.query()).shopName,
  });
  const before = await parts();
  await admin.setCarriers.mutate({ version: await version(), carriers: [{ name: 'GIG' }] });
  await admin.setLimits.mutate({ version: await version(), supportRefund: 500, lowStock: 2 });
  const { version: _, ...shopValues } = await admin.shopSettings.query();
  await admin.setShopSettings.mutate({
    version: await version(),
    shopName: 'Ada & Sons',
    contact: {},
    recipients: [],
    newOrdersMinutes: shopValues.newOrdersMinutes,
  });
  const after = await parts();
  expect(after).toEqual({
    ...before,
    carriers: [{ name: 'GIG' }],
    limits: { version: 0, supportRefund: 500, lowStock: 2 },
    shopName: 'Ada & Sons',
  });
  const outdated = (await version()) - 1;
  expect((await admin.setAppearance.mutate({ version: outdated })).outcome).toBe('outdated');
  expect((await admin.setPolicies.mutate({ version: outdated, policies: {} })).outcome).toBe('outdated');
  expect((await admin.setLimits.mutate({ version: outdated })).outcome).toBe('outdated');
  expect((await admin.setCarriers.mutate({ version: outdated, carriers: [] })).outcome).toBe('outdated');
  expect(await parts()).toEqual(after);
});

test('the limit of a low stock holds from the next call, in the list and on the product', async () => {
  const { admin } = owner.client;
  const { productId } = await stockVariant(shop.db, { stock: 8 });
  const isLow = async () => {
    const { items } = await admin.products.query({ lowStock: true });
    const product = await admin.product.query({ productId });
    return [items.some(({ id }) => id === productId), product.variants[0]?.lowStock];
  };
  await admin.setLimits.mutate({ version: await version() });
  expect([await admin.limits.query(), await isLow()]).toMatchObject([{ lowStock: 5 }, [false, false]]);
  await admin.setLimits.mutate({ version: await version(), lowStock: 8 });
  expect(await isLow()).toEqual([true, true]);
  await admin.setLimits.mutate({ version: await version(), lowStock: 0 });
  expect(await isLow()).toEqual([false, false]);
  expect(await errorCodeOf(admin.setLimits.mutate({ version: await version(), lowStock: 0.5 }))).toBe('INVALID_INPUT');
});
