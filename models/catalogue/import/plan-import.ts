/** The change that an import makes of one product as it is stored, in words, or why it makes none. Pure. */
import { sha256OfCanonical } from '../../canonical-json.ts';
import type { ImportedProduct, ImportFault } from '../../contract/desk/product-import.ts';
import { type Currency, formatMoney, parseMoney } from '../../contract/money.ts';
import { variantFields } from '../../contract/staff-catalogue.ts';
import { allPricesText, isSamePrices, otherPricesProblem, otherPricesText } from '../prices/other-prices.ts';
import type { VariantChanges } from '../prices/variant-update.ts';
import type { Product } from '../product.ts';
import type { Variant } from '../variant.ts';
import type { ProductInput, VariantInput } from './insert-product.ts';
import type { ReadProduct, ReadVariant } from './read-import.ts';

/** The stored documents that a product of the file is about. */
export interface Stored {
  /** The product that has or had the slug. */
  product: Product | undefined;
  /** Variants with the SKUs of the file, whichever product has them. */
  variants: ReadonlyMap<string, Variant>;
  /** Rows whose change of stock was made by an earlier run of the same file. */
  stockedRows: ReadonlySet<number>;
}

export interface ImportRules {
  withStock: boolean;
  /** Of a new variant whose row names none. */
  currency: Currency;
}

export interface ImportPlan extends ImportedProduct {
  /** Fields of the stored product that change. */
  texts: Partial<ProductInput>;
  /** The product to make; null where it is stored. */
  made: ProductInput | null;
  newVariants: Omit<VariantInput, 'productId'>[];
  edits: { variant: Variant; changes: VariantChanges }[];
  stock: { row: number; variant: Variant; delta: number }[];
}

export function planImport(read: ReadProduct, stored: Stored, rules: ImportRules): ImportPlan {
  const faults = [...read.faults];
  const effects: string[] = [];
  const plan = { texts: {}, made: null, newVariants: [], edits: [], stock: [] } as Pick<
    ImportPlan,
    'texts' | 'made' | 'newVariants' | 'edits' | 'stock'
  >;
  const context = { read, stored, rules, faults, effects, plan };
  planTexts(context);
  for (const row of read.variants) planVariant(context, row);
  faults.sort((a, b) => a.row - b.row);
  const change = faults.length > 0 ? 'fault' : plan.made ? 'new' : effects.length > 0 ? 'changed' : 'same';
  const shown = {
    product: read.slug,
    rows: read.rows,
    change,
    effects: faults.length > 0 ? [] : effects,
    faults,
  } as const;
  return { ...shown, ...plan, digest: sha256OfCanonical(shown).toString('hex').slice(0, 32) };
}

interface Context {
  read: ReadProduct;
  stored: Stored;
  rules: ImportRules;
  faults: ImportFault[];
  effects: string[];
  plan: Pick<ImportPlan, 'texts' | 'made' | 'newVariants' | 'edits' | 'stock'>;
}

function planTexts({ read, stored: { product }, faults, effects, plan }: Context): void {
  const { slug, texts, rows } = read;
  const fault = (message: string) => faults.push({ row: rows[0] ?? 1, message });
  if (product === undefined) {
    const { title = '', category = '', description = '' } = texts;
    for (const [column, text] of Object.entries({ title, category, description }))
      if (text === '' && faults.every(({ message }) => !message.startsWith(column)))
        fault(`${column}: must not be empty, because the product is new`);
    plan.made = { slug, title, category, description };
    effects.push(`new product ${title}`);
    return;
  }
  if (product.archivedAt !== undefined) fault('product: is archived; bring it back first');
  if (product.slug !== slug) fault(`product: is a former name of ${product.slug}; write that`);
  for (const column of ['title', 'category', 'description'] as const) {
    const text = texts[column];
    if (text === undefined || text === product[column]) continue;
    plan.texts[column] = text;
    // Without the texts of a description, which are long.
    effects.push(column === 'description' ? 'description' : `${column}: ${product[column]} → ${text}`);
  }
}

function planVariant(context: Context, row: ReadVariant): void {
  const variant = context.stored.variants.get(row.sku);
  if (variant === undefined) {
    planNewVariant(context, row);
    return;
  }
  const why = whyRefused(context, row, variant);
  if (why !== null) {
    context.faults.push({ row: row.row, message: why });
    return;
  }
  planEdit(context, row, variant);
  planStock(context, row, variant);
}

function whyRefused({ stored: { product } }: Context, { sku, currency }: ReadVariant, variant: Variant): string | null {
  if (product === undefined || !variant.productId.equals(product._id)) return `sku: ${sku} belongs to another product`;
  // Its product's own archive is said once.
  if (variant.archivedAt !== undefined && product.archivedAt === undefined)
    return `sku: ${sku} is archived; bring it back first`;
  if (currency === undefined || currency === variant.currency) return null;
  return `currency: the price of ${sku} is in ${variant.currency}; write a price in ${currency} under otherPrices`;
}

function planEdit({ faults, effects, plan }: Context, row: ReadVariant, variant: Variant): void {
  const { currency } = variant;
  const price = row.price === undefined ? variant.price : readPrice(row.price, currency, row.row, faults);
  const title = row.title ?? variant.title;
  const otherPrices = readOthers(row, currency, faults);
  const changes = {
    ...(title === variant.title ? {} : { title }),
    ...(price === null || price === variant.price ? {} : { price }),
    ...(otherPrices === undefined || isSamePrices(otherPrices, variant.otherPrices) ? {} : { otherPrices }),
  };
  if (Object.keys(changes).length === 0) return;
  plan.edits.push({ variant, changes });
  if (changes.title !== undefined) effects.push(`${variant.sku}: ${variant.title} → ${title}`);
  if (changes.price !== undefined) {
    const [from, to] = [variant.price, changes.price].map((amount) => formatMoney({ amount, currency }));
    effects.push(`${variant.sku}: ${from} → ${to}`);
  }
  if (changes.otherPrices !== undefined) {
    const [from, to] = [variant.otherPrices, changes.otherPrices].map(otherPricesText);
    effects.push(`${variant.sku}: other prices ${from} → ${to}`);
  }
}

/** The other prices of the row; undefined where it names none, or has a fault. */
function readOthers({ row, otherPrices }: ReadVariant, currency: Currency, faults: ImportFault[]) {
  const problem = otherPricesProblem(currency, otherPrices);
  if (problem === null) return otherPrices;
  faults.push({ row, message: `otherPrices: ${problem}` });
  return undefined;
}

function planStock({ stored, rules, effects, plan }: Context, row: ReadVariant, variant: Variant): void {
  if (!rules.withStock || row.stock === undefined || row.stock === variant.stock) return;
  if (stored.stockedRows.has(row.row)) return;
  plan.stock.push({ row: row.row, variant, delta: row.stock - variant.stock });
  effects.push(`${variant.sku}: stock ${variant.stock} → ${row.stock}`);
}

function planNewVariant({ rules, faults, effects, plan }: Context, row: ReadVariant): void {
  const { sku, title, currency = rules.currency, stock = 0 } = row;
  for (const [column, cell] of [
    ['variant', title],
    ['price', row.price],
  ] as const)
    if (cell === undefined && !faults.some((one) => one.row === row.row && one.message.startsWith(column)))
      faults.push({ row: row.row, message: `${column}: must not be empty, because the variant is new` });
  const price = row.price === undefined ? null : readPrice(row.price, currency, row.row, faults);
  const otherPrices = readOthers(row, currency, faults);
  if (title === undefined || price === null) return;
  plan.newVariants.push({ sku, title, price, currency, otherPrices, stock });
  const prices = allPricesText({ price, currency, otherPrices });
  effects.push(`new variant ${sku}, ${title}: ${prices}, ${stock} in stock`);
}

function readPrice(text: string, currency: Currency, row: number, faults: ImportFault[]): number | null {
  const amount = parseMoney(text, currency);
  const checked = variantFields.price.safeParse(amount ?? 0);
  if (amount !== null && checked.success) return amount;
  const why = amount === null ? 'must be a price like 1500 or 1500.50' : checked.error?.issues[0]?.message;
  faults.push({ row, message: `price: ${why}` });
  return null;
}
