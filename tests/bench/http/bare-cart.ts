/** The commands of cart.addItem, by hand: the caller, what is sold, the cart's update, the cart with its goods. */
import type { Db, Document, ObjectId } from 'mongodb';

export async function bareAddItem(db: Db, userId: ObjectId, variantId: ObjectId): Promise<Document | null> {
  await db.collection('users').findOne({ _id: userId }, { projection: { email: 1, name: 1, role: 1, createdAt: 1 } });
  const [variant] = await db.collection('variants').aggregate(soldVariant(variantId)).toArray();
  const lines = {
    $concatArrays: [{ $ifNull: ['$items', []] }, [{ variantId, quantity: 1, unitPrice: variant?.price }]],
  };
  const update = [
    { $set: { items: lines } },
    { $set: { itemCount: { $sum: '$items.quantity' }, subtotal: { $sum: lineTotals }, currency: 'NGN' } },
  ];
  await db.collection('carts').updateOne({ _id: userId }, update, { upsert: true });
  const [cart] = await db
    .collection('carts')
    .aggregate([{ $match: { _id: userId } }, { $project: { items: 1, currency: 1 } }, { $lookup: goods }])
    .toArray();
  return cart ?? null;
}

const lineTotals = {
  $map: { input: '$items', as: 'item', in: { $multiply: ['$$item.quantity', '$$item.unitPrice'] } },
};

function soldVariant(_id: ObjectId): Document[] {
  const product = [{ $match: { archivedAt: null } }, { $project: { _id: 1 } }];
  return [
    { $match: { _id, archivedAt: null } },
    { $lookup: { from: 'products', localField: 'productId', foreignField: '_id', pipeline: product, as: 'product' } },
    { $match: { product: { $ne: [] } } },
    { $project: { price: 1, currency: 1 } },
  ];
}

const goods = {
  from: 'variants',
  localField: 'items.variantId',
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
    { $project: { sku: 1, title: 1, price: 1, stock: 1, archivedAt: 1, product: { $first: '$product' } } },
  ],
  as: 'goods',
};
