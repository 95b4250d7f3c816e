/** The commands of `cart.addItem` written by hand: read the caller, read the variants of the cart, update the cart. */
import type { Db, Document, ObjectId } from 'mongodb';

export async function bareAddItem(db: Db, userId: ObjectId, variantId: ObjectId): Promise<Document | null> {
  await db
    .collection('users')
    .findOne(
      { _id: userId },
      { projection: { email: 1, name: 1, role: 1, createdAt: 1, sessionsFrom: 1, endedSessions: 1 } },
    );
  const variants = await db.collection('carts').aggregate(variantsBeside(userId, variantId)).toArray();
  const price = variants.find(({ _id }) => variantId.equals(_id))?.price;
  const lines = { $concatArrays: [{ $ifNull: ['$items', []] }, [{ variantId, quantity: 1, unitPrice: price }]] };
  const update = [
    { $set: { items: lines } },
    { $set: { itemCount: { $sum: '$items.quantity' }, subtotal: { $sum: lineTotals }, currency: 'NGN' } },
  ];
  const options = { upsert: true, returnDocument: 'after' } as const;
  const cart = await db.collection('carts').findOneAndUpdate({ _id: userId }, update, options);
  return { ...cart, variants };
}

const lineTotals = {
  $map: { input: '$items', as: 'item', in: { $multiply: ['$$item.quantity', '$$item.unitPrice'] } },
};

function variantsBeside(userId: ObjectId, _id: ObjectId): Document[] {
  return [
    { $match: { _id: userId } },
    { $project: { id: '$items.variantId' } },
    { $unionWith: { coll: 'variants', pipeline: [{ $match: { _id } }, { $project: { id: ['$_id'] } }] } },
    { $unwind: '$id' },
    { $group: { _id: '$id' } },
    { $lookup: variantLookup },
    { $unwind: '$goods' },
    { $replaceRoot: { newRoot: '$goods' } },
  ];
}

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

const variantLookup = {
  from: 'variants',
  localField: '_id',
  foreignField: '_id',
  pipeline: [
    {
      $lookup: {
        from: 'products',
        localField: 'productId',
        foreignField: '_id',
        pipeline: [{ $project: { _id: 0, slug: 1, title: 1, archivedAt: 1 } }],
        as: 'product',
      },
    },
    { $project: shown },
  ],
  as: 'goods',
};
