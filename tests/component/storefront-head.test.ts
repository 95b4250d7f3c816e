/** The head of the storefront's pages, and the files that search engines read. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { editProduct } from '../../models/catalogue/edit-catalogue.ts';
import { buildStorefront, dataIn, headOf } from '../support/built-storefront.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

let folder: string;
let app: TestApp;
beforeAll(async () => {
  folder = await buildStorefront();
  app = await startTestApp({ storefrontDir: folder, env: { SHIPPING_FEE: 'NGN 1500, USD 5.50' } });
});
afterAll(async () => {
  await app.stop();
  await rm(folder, { recursive: true, force: true });
});

const get = async (path: string, accept = 'text/html,application/xhtml+xml,*/*;q=0.8') => {
  const reply = await fetch(`${app.url}${path}`, { headers: { accept } });
  return { status: reply.status, headers: reply.headers, html: await reply.text() };
};

describe('the head', () => {
  test('of a product names it, its description and price for search engines and messengers', async () => {
    const title = 'Adé’s “<Blue> & Gold” bowl $&';
    const description = `Thrown by hand.\n</script><b>${'Long words about clay '.repeat(12)}`;
    const otherPrices = [{ currency: 'USD' as const, price: 3_05 }];
    const { slug, productId } = await stockVariant(app.db, { title, price: 450_050, otherPrices });
    await editProduct(app.db, new Types.ObjectId(productId), { description }, { actor: 'system', now: new Date() });
    const picture = { pictureId: 'a'.repeat(64), width: 640, height: 480, text: 'A bowl' };
    await app.db.products.updateOne({ slug }, { pictures: [picture] });
    const { status, html } = await get(`/products/${slug}`);
    expect(status).toBe(200);
    expect(html).not.toContain('</script><b>');
    const head = headOf(html);
    const escaped = title.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;').replace('$&', '$&amp;');
    expect(head.title).toContain('Blue');
    expect(head['og:title']).toBe(escaped);
    expect(head.description).toMatch(/^Thrown by hand\. &lt;\/script&gt;&lt;b&gt;Long words.*…$/);
    expect(head['og:description']).toBe(head.description);
    expect(head).toMatchObject({
      canonical: `http://storefront.example/products/${slug}`,
      'og:url': `http://storefront.example/products/${slug}`,
      'og:type': 'product',
      'og:site_name': 'Test Shop',
      'og:image': `http://storefront.example/pictures/${picture.pictureId}/1280.webp`,
      'product:price:amount': '4500.50',
      'product:price:currency': 'NGN',
    });
    expect(head.robots).toBeUndefined();
    const linked = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(html)?.[1] ?? '';
    const offer = { '@type': 'Offer', availability: 'https://schema.org/InStock' };
    expect(JSON.parse(linked)).toMatchObject({
      '@context': 'https://schema.org',
      '@type': 'Product',
      name: title,
      image: [`http://storefront.example/pictures/${picture.pictureId}/1280.webp`],
      offers: [
        { ...offer, price: '4500.50', priceCurrency: 'NGN' },
        { ...offer, price: '3.05', priceCurrency: 'USD' },
      ],
    });
    expect(dataIn(html).product).toMatchObject({ slug, title });
  });

  test('of lists: a category has an address of its own, results of a search none', async () => {
    const { slug } = await stockVariant(app.db, { category: 'Pots & pans' });
    const home = await get('/');
    expect(headOf(home.html)).toMatchObject({ title: 'Test Shop', canonical: 'http://storefront.example/' });
    expect(dataIn(home.html).products.page.items[0]).toMatchObject({ slug });
    const category = headOf((await get('/?category=Pots%20%26%20pans')).html);
    expect(category.canonical).toBe('http://storefront.example/?category=Pots%20%26%20pans');
    expect(category.title).toBe('Pots &amp; pans · Test Shop');
    expect(headOf((await get('/?category=POTS%20%26%20PANS')).html)).toMatchObject(category);
    const none = await get('/?category=Nope');
    expect([none.status, headOf(none.html).robots]).toEqual([404, 'noindex']);
    expect(headOf((await get('/?q=pan')).html)).toMatchObject({ robots: 'noindex', canonical: '' });
  });
});

test('robots.txt and sitemap.xml name the pages that search engines may keep', async () => {
  const { slug } = await stockVariant(app.db);
  const robots = await get('/robots.txt', '*/*');
  expect(robots.headers.get('content-type')).toMatch(/^text\/plain/);
  expect(robots.html).toMatch(/^User-agent: \*\n[\s\S]*Disallow: \/checkout\n/);
  expect(robots.html).toContain('Sitemap: http://storefront.example/sitemap.xml');
  const sitemap = await get('/sitemap.xml', '*/*');
  expect(sitemap.headers.get('content-type')).toMatch(/^application\/xml/);
  expect(sitemap.html).toContain(`<loc>http://storefront.example/products/${slug}</loc>`);
  expect(sitemap.html).not.toContain('/orders');
  expect((await get('/sitemap-1.xml')).status).toBe(404);
});
