/**
 * The commands of `cart.addItem` written by hand. The caller is read, then the cart beside the variant. The cart is written
 * under its revision while its other variants are read.
 */
import type { Db, Document, ObjectId } from 'mongodb';
import { ACCOUNT } from '../../../models/accounts/find-user.ts';

interface BareCart {
  _id: ObjectId;
  rev: number;
  items: { variantId: ObjectId; quantity: number; unitPrice: number }[];
}

export async function bareAddItem(db: Db, userId: ObjectId, variantId: ObjectId): Promise<Document> {
  await db.collection('users').findOne({ _id: userId }, { projection: ACCOUNT });
  const carts = db.collection<BareCart>('carts');
  const [cart, [added]] = await Promise.all([carts.findOne({ _id: userId }), readVariants(db, [variantId])]);
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
export function readVariants(db: Db, ids: ObjectId[]): Promise<Document[]> {
  const [first] = ids;
  const pipeline = [
    { $match: { _id: ids.length === 1 ? first : { $in: ids } } },
    { $lookup: product },
    { $project: shown },
  ];
  return db.collection('variants').aggregate(pipeline).toArray();
}

const product = {
  from: 'products',
  localField: 'productId',
  foreignField: '_id',
  pipeline: [{ $project: { _id: 0, slug: 1, title: 1, archivedAt: 1 } }],
  as: 'product',
};

const shown = {
  productId: 1,
  sku: 1,
  title: 1,
  price: 1,
  currency: 1,
  stock: 1,
  archivedAt: 1,
  product: { $first: '$product' },
};
