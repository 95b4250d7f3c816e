/** Pictures that compress like photographs, on products as staff set them. */
import sharp from 'sharp';
import { sendPicture } from '../../client-sdk/src/index.ts';
import type { SignedIn, TestApp } from './test-app.ts';

const SIDE = 1280;

/** Some 40 kB as WebP of 640 pixels, like the photograph of a thing. `seed` chooses its colours. */
export async function photograph(seed: number): Promise<Buffer> {
  const noise = (side: number, sigma: number) =>
    sharp({
      create: {
        width: side,
        height: side,
        channels: 3,
        background: '#808080',
        noise: { type: 'gaussian', mean: 128, sigma },
      },
    })
      .png()
      .toBuffer();
  const [shapes, grain] = await Promise.all([noise(24, 60), noise(SIDE / 4, 26)]);
  const large = { width: SIDE, height: SIDE, kernel: 'cubic' as const };
  const overlay = await sharp(grain).resize(large).png().toBuffer();
  return sharp(shapes)
    .resize(large)
    .composite([{ input: overlay, blend: 'soft-light' }])
    .modulate({ hue: (seed * 47) % 360, saturation: 1.4 })
    .jpeg({ quality: 88 })
    .toBuffer();
}

/** How many differ: encoding each takes a second. */
const DIFFERENT = 8;

/** Gives each product a picture, the first eight each one of their own. */
export async function givePictures(app: TestApp, staff: SignedIn, productIds: readonly string[]): Promise<void> {
  const pictureIds: string[] = [];
  for (let seed = 0; seed < Math.min(DIFFERENT, productIds.length); seed += 1) {
    const file = new Blob([new Uint8Array(await photograph(seed))]);
    pictureIds.push((await sendPicture({ url: app.url, token: staff.token, file })).pictureId);
  }
  for (const [index, productId] of productIds.entries()) {
    const pictureId = pictureIds[index % pictureIds.length] ?? '';
    await staff.client.admin.setPictures.mutate({ productId, pictures: [{ pictureId }] });
  }
}
