/** Gives each seeded product its drawing, by the code that staff's pictures go through. */
import sharp from 'sharp';
import { storePicture } from '../../models/pictures/store-picture.ts';
import { type EncodedPicture, encodePicture } from '../../server/pictures/encode-picture.ts';
import { DRAWINGS, svgOf } from './drawings.ts';
import { callAs, type HistoryShop } from './history-shop.ts';

interface DrawnPicture extends EncodedPicture {
  text: string;
}

/** By the slug of the product. It takes no time of this thread, so other work goes on beside it. */
export async function drawPictures(): Promise<ReadonlyMap<string, DrawnPicture>> {
  const drawn = Object.entries(DRAWINGS).map(async ([slug, drawing]) => {
    const file = await sharp(Buffer.from(svgOf(drawing)))
      .png({ compressionLevel: 1 })
      .toBuffer();
    return [slug, { ...(await encodePicture(file)), text: drawing.text }] as const;
  });
  return new Map(await Promise.all(drawn));
}

export async function addPictures(
  shop: HistoryShop,
  pictures: ReadonlyMap<string, DrawnPicture>,
  time: number,
): Promise<void> {
  const { ctx, staff } = shop;
  const { admin } = callAs(shop, staff.manager, time);
  const products = await ctx.db.products.find({}, { slug: 1, rev: 1 }).lean();
  for (const { _id, slug, rev } of products) {
    const picture = pictures.get(slug);
    if (picture === undefined) continue;
    const { pictureId, sizes, text } = picture;
    await storePicture(ctx.db, pictureId, sizes, new Date(time));
    await admin.setPictures({ productId: String(_id), rev, pictures: [{ pictureId, text }] });
  }
}
