/**
 * The shop's and the desk's lists and searches of 20,000 products (`CATALOGUE_PRODUCTS` for fewer). Their titles have marked
 * and plain words, as in a Nigerian shop.
 */
import { Types } from 'mongoose';
import { findProducts } from '../../models/catalogue/browse.ts';
import { findStaffProducts } from '../../models/catalogue/desk/find-products.ts';
import { categoryKeyOf } from '../../models/catalogue/search/words.ts';
import { rebuildProductSearch } from '../../models/catalogue/search/write-product-search.ts';
import { driverCollection } from '../../models/db/connection.ts';
import type { Database } from '../../models/db/database.ts';
import type { Bench } from './bench.ts';
import { createChance } from './load.ts';
import { formatNumber } from './report.ts';
import { reportCallTimes, type TimedCall, timeCalls } from './timed-calls.ts';

const PRODUCTS = Number(process.env.CATALOGUE_PRODUCTS ?? 20_000);
const CALLS = 200;
const PAGE = 24;
/** The requirements, ms: of p99 in the shop, and of p95 at the desk. */
const MOST_MS = { shop: 100, desk: 200 };

const KINDS_OF_GOODS = [
  'Agbádá',
  'Gèlè',
  'Akwete',
  'Basket',
  'Sandals',
  'Kettle',
  'Ìró',
  'Kaftan',
  'Bowl',
  'Lantern',
  'Ọ̀jà',
];
const MATERIALS = ['Adire', 'Ankara', 'Aṣọ òkè', 'Raffia', 'Leather', 'Cotton', 'Bronze', 'Ẹ̀kọ́', 'Calabash', 'Indigo'];
const PLACES = ['Abẹ́òkúta', 'Kano', 'Ọ̀ṣogbo', 'Lagos', 'Enugu', 'Ibàdàn', 'Jos', 'Benin', 'Ilọrin', 'Zaria'];
const CATEGORIES = ['Clothing', 'Home', 'Shoes', 'Jewellery', 'Kitchen', 'Ọ̀ṣọ́'];

interface Sample {
  title: string;
  sku: string;
  category: string;
}

const wordOf = ({ title }: Sample, n: number) => title.split(' ')[n] ?? title;
/** As typed without an input method, with one letter missing. */
const mistyped = (word: string) => word.normalize('NFD').replace(/\p{M}/gu, '').replace(/(..)./u, '$1');

const shopCalls = (db: Database): TimedCall<Sample>[] => {
  const search = (name: string, textOf: (sample: Sample) => string) => ({
    name: `shop: ${name}`,
    call: async (sample: Sample) => (await findProducts(db, { limit: PAGE, search: textOf(sample) })).items.length,
  });
  return [
    { name: 'shop: the newest', call: async () => (await findProducts(db, { limit: PAGE })).items.length },
    {
      name: 'shop: a category',
      call: async ({ category }) => (await findProducts(db, { limit: PAGE, category })).items.length,
    },
    search('one word', (sample) => wordOf(sample, 0)),
    search('two words', (sample) => `${wordOf(sample, 2)} ${wordOf(sample, 0)}`),
    search('the beginning of a word', (sample) => wordOf(sample, 2).slice(0, 3)),
    search('a typing error', (sample) => mistyped(wordOf(sample, 2))),
    search('a SKU', ({ sku }) => sku.toLowerCase()),
    search('the whole title', ({ title }) => title),
    search('nothing that exists', ({ title }) => `${title}qzx`),
  ];
};

const deskCalls = (db: Database): TimedCall<Sample>[] => {
  const list = (name: string, queryOf: (sample: Sample) => Partial<Parameters<typeof findStaffProducts>[1]>) => ({
    name: `desk: ${name}`,
    call: async (sample: Sample) => (await findStaffProducts(db, { limit: PAGE, ...queryOf(sample) })).items.length,
  });
  return [
    list('the newest', () => ({})),
    list('archived ones', () => ({ archived: 'only' })),
    list('low stock', () => ({ lowStock: true })),
    list('a word', (sample) => ({ search: wordOf(sample, 0) })),
    list('a SKU', ({ sku }) => ({ search: sku })),
    list('a word among all', (sample) => ({ search: wordOf(sample, 2), archived: 'all' })),
    list('a word of low stock', (sample) => ({ search: wordOf(sample, 0), lowStock: true })),
  ];
};

export async function measureCatalogue({ mongo, report, progress }: Bench): Promise<void> {
  const db = await mongo.openFresh();
  try {
    const samples = await fill(db);
    progress('catalogue: stored');
    await rebuildProductSearch(db);
    progress('catalogue: its search rows written');
    const shop = await timeCalls(shopCalls(db), samples, { calls: CALLS, progress });
    const desk = await timeCalls(deskCalls(db), samples, { calls: CALLS, progress });
    reportCallTimes(
      report,
      `Lists and searches of ${formatNumber(PRODUCTS)} products`,
      [...shop, ...desk],
      [`First pages of ${PAGE}, ${CALLS} calls of each, one after the other.`],
    );
    const goals = [
      {
        measure: "p99 of the shop's slowest search",
        value: Math.max(...shop.map(({ p99 }) => p99)),
        most: MOST_MS.shop,
      },
      { measure: "p95 of the desk's slowest list", value: Math.max(...desk.map(({ p95 }) => p95)), most: MOST_MS.desk },
    ];
    for (const { most, ...goal } of goals)
      report.goal({ ...goal, unit: ' ms', mustReach: most, aimFor: most / 2, smallerIsBetter: true });
  } finally {
    await mongo.discard(db);
  }
}

/** One product in twenty is archived, and one in twenty is nearly sold out. Returns some that are neither. */
async function fill(db: Database): Promise<Sample[]> {
  const chance = createChance(PRODUCTS);
  const pick = (words: readonly string[]) => words[Math.floor(chance() * words.length)] ?? '';
  const now = new Date();
  const samples: Sample[] = [];
  const [products, variants] = [driverCollection(db.products), driverCollection(db.variants)];
  for (let done = 0; done < PRODUCTS; done += 1_000) {
    const made = Array.from({ length: Math.min(1_000, PRODUCTS - done) }, (_, index) => {
      const n = done + index;
      const category = pick(CATEGORIES);
      const title = `${pick(MATERIALS).split(' ')[0]} ${pick(KINDS_OF_GOODS)} ${pick(PLACES)} ${n}`;
      const description = `Made by hand in ${pick(PLACES)} of ${pick(MATERIALS)}, with a lining of ${pick(MATERIALS)}.`;
      const sku = `AKW-${String(n).padStart(5, '0')}`;
      if (n % 100 === 50) samples.push({ title, sku, category });
      const product = { _id: new Types.ObjectId(), slug: `goods-${n}`, slugs: [`goods-${n}`], title, description };
      const variant = { productId: product._id, sku, title: 'One size', price: 125_000, currency: 'NGN' } as const;
      return {
        product: {
          ...{ ...product, category, categoryKey: categoryKeyOf(category), createdAt: now },
          ...(n % 20 === 7 ? { archivedAt: now } : {}),
        },
        variant: { ...variant, _id: new Types.ObjectId(), stock: n % 20 === 3 ? 2 : 500, reserved: 0 },
      };
    });
    await products.insertMany(made.map(({ product }) => product));
    await variants.insertMany(made.map(({ variant }) => variant));
  }
  return samples;
}
