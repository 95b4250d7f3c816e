/** Creates products with one variant each through the models, with stock in the ledger. */
import { Types } from 'mongoose';
import { createProduct, createVariant } from '../../models/catalogue/edit-catalogue.ts';
import type { VariantInput } from '../../models/catalogue/import/insert-product.ts';
import type { Database } from '../../models/db/database.ts';

let made = 0;

export interface StockedVariant {
  productId: string;
  slug: string;
  variantId: string;
  sku: string;
}

export interface StockInput extends Partial<Pick<VariantInput, 'price' | 'currency' | 'otherPrices' | 'stock'>> {
  title?: string;
  category?: string;
}

/** A product with one variant, by default at 150000 kobo and with 10 in stock. */
export async function stockVariant(db: Database, input: StockInput = {}): Promise<StockedVariant> {
  made += 1;
  const {
    title = `Thing ${made}`,
    category = 'Things',
    price = 150_000,
    currency = 'NGN',
    stock = 10,
    otherPrices,
  } = input;
  const slug = `thing-${made}`;
  const sku = `THING-${made}`;
  const now = new Date();
  const product = await createProduct(
    db,
    { slug, title, description: `About ${title}.`, category },
    { actor: 'system', now },
  );
  const fields = { productId: product._id, sku, title: 'One size', price, currency, otherPrices, stock };
  const variant = await createVariant(db, fields, { actor: 'system', now });
  return { productId: String(product._id), slug, variantId: String(variant._id), sku };
}

/**
 * All documents as text, to show that a request changed none. Search rows are left out, because they follow the changes of
 * earlier requests. One command, because hundreds of tests compare.
 */
export async function everything(db: Database): Promise<string> {
  const models = Object.values(db.connection.models).filter(({ modelName }) => modelName !== db.orderSearch.modelName);
  const [first = db.orders, ...others] = models;
  const documentsOf = ({ collection: { name } }: typeof first) => [
    { $sort: { _id: 1 as const } },
    { $replaceWith: { collection: { $literal: name }, document: '$$ROOT' } },
  ];
  const unions = others.map((model) => ({
    $unionWith: { coll: model.collection.name, pipeline: documentsOf(model) },
  }));
  const documents = await first.collection.aggregate([...documentsOf(first), ...unions]).toArray();
  return documents.map((document) => JSON.stringify(document)).join('\n');
}

/** An id that no document has. */
export const unknownId = () => new Types.ObjectId().toHexString();
