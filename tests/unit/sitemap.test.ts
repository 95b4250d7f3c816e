import { expect, test } from '@jest/globals';
import { writeSitemaps } from '../../server/http/pages/sitemap.ts';

const SITE = 'https://shop.example';
const addressesIn = (xml = '') => [...xml.matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, address]) => address);

test('a sitemap is one file while its addresses fit, and then an index of files with each address once', () => {
  const paths = (count: number) => Array.from({ length: count }, (_, n) => `/products/p-${n}`);
  const one = writeSitemaps(SITE, paths(50_000));
  expect([...one.keys()]).toEqual(['/sitemap.xml']);
  const several = writeSitemaps(SITE, paths(100_001));
  const [index = '', ...files] = [...several.values()];
  expect(index).toContain('<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">');
  const names = ['/sitemap-1.xml', '/sitemap-2.xml', '/sitemap-3.xml'];
  expect([...several.keys()]).toEqual(['/sitemap.xml', ...names]);
  expect(addressesIn(index)).toEqual(names.map((name) => SITE + name));
  expect(files.map((file) => addressesIn(file).length)).toEqual([50_000, 50_000, 1]);
  expect(new Set(files.flatMap(addressesIn))).toEqual(new Set(paths(100_001).map((path) => SITE + path)));
});

test('an address is escaped', () => {
  expect(addressesIn(writeSitemaps(SITE, ['/a&b']).get('/sitemap.xml'))).toEqual([`${SITE}/a&amp;b`]);
});
