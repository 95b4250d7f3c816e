/**
 * The commands of `cart.addItem` written by hand. The caller, the cart and the variant are read beside each other. The cart
 * is written under its revision while its other variants are read.
 */
import type { Db, Document, ObjectId } from 'mongodb';
import { ACCOUNT } from '../../../models/accounts/find-user.ts';

interface BareCart {
  _id: ObjectId;
  rev: number;
  items: { variantId: ObjectId; quantity: number; unitPrice: number }[];
}

export async function bareAddItem(db: Db, userId: ObjectId, variantId: ObjectId): Promise<Document> {
  const carts = db.collection<BareCart>('carts');
  const [cart, [added]] = await Promise.all([
    carts.findOne({ _id: userId }),
    readVariants(db, [variantId]),
    db.collection('users').findOne({ _id: userId }, { projection: ACCOUNT }),
  ]);
  const before = cart?.items ?? [];
  const items = [...before, { variantId, quantity: 1, unitPrice: added?.price }];
  const subtotal = items.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
  const rev = cart?.rev ?? 0;
  const $set = { rev: rev + 1, items, itemCount: items.length, subtotal, currency: 'NGN' };
  const [, others] = await Promise.all([
    carts.updateOne({ _id: userId, rev }, { $set }, { upsert: true }),
    before.length === 0
      ? []
      : readVariants(
          db,
          before.map((line) => line.variantId),
        ),
  ]);
  return { items, variants: [added, ...others] };
}

/** Variants with the fields of their products that a shop shows. */
export async function readVariants(db: Db, ids: ObjectId[]): Promise<Document[]> {
  const [first] = ids;
  const pipeline = [
    { $match: { _id: ids.length === 1 ? first : { $in: ids } } },
    { $lookup: product },
    { $project: shown },
  ];
  const found = await db.collection('variants').aggregate(pipeline).toArray();
  return found.map(({ products, ...variant }) => ({ ...variant, product: products[0] }));
}

const product = { from: 'products', localField: 'productId', foreignField: '_id', as: 'products' };

const shown = {
  productId: 1,
  sku: 1,
  title: 1,
  price: 1,
  currency: 1,
  otherPrices: 1,
  stock: 1,
  archivedAt: 1,
  'products.slug': 1,
  'products.title': 1,
  'products.archivedAt': 1,
};
