import { type RouterInputs, sendPicture } from '@orders-module/client';
import { client } from '../../../parts/data/client.ts';
import { FormError } from '../../../parts/data/errors.ts';
import type { StaffProductDetail } from './products.ts';
import { sendImage } from './send-image.ts';

/** Equal to the server's limit. */
export const MAX_PICTURES = 8;

export type Picture = StaffProductDetail['pictures'][number];
type Chosen = RouterInputs['admin']['setPictures']['pictures'];

/** How far the sending of several files is. */
export interface Sending {
  name: string;
  /** Of the file that is being sent, from 1. */
  number: number;
  of: number;
  /** From 0 to 1; the shop works on the file after 1. */
  sent: number;
}

export function choosePictures({ id, rev }: StaffProductDetail, pictures: Chosen) {
  return client.admin.setPictures.mutate({ productId: id, pictures, rev });
}

/** Sends the files one after the other, and puts them behind the product's pictures. Throws FormError for one that is refused. */
export async function addPictures(
  product: StaffProductDetail,
  files: readonly File[],
  onProgress: (sending: Sending) => void,
): Promise<number> {
  const free = MAX_PICTURES - product.pictures.length;
  if (files.length > free)
    throw new FormError(
      free === 0
        ? `A product has at most ${MAX_PICTURES} pictures; remove one first.`
        : `A product has at most ${MAX_PICTURES} pictures: there is room for ${free} more.`,
    );
  const added: Chosen = [];
  for (const [index, file] of files.entries()) {
    const progress = (sent: number) => onProgress({ name: file.name, number: index + 1, of: files.length, sent });
    progress(0);
    added.push({ pictureId: (await sendImage(file, sendPicture, progress)).pictureId });
  }
  const known = new Set(product.pictures.map(({ pictureId }) => pictureId));
  const fresh = added.filter(({ pictureId }, index) => {
    const isFirst = added.findIndex((one) => one.pictureId === pictureId) === index;
    return isFirst && !known.has(pictureId);
  });
  if (fresh.length === 0) throw new FormError('The product has this picture already.');
  await choosePictures(product, [...product.pictures.map(toChosen), ...fresh]);
  return fresh.length;
}

export const toChosen = ({ pictureId, text }: Picture) => ({ pictureId, text });

/** The pictures with the one at `from` moved to `to`. */
export function moved(pictures: readonly Picture[], from: number, to: number): Picture[] {
  const rest = pictures.filter((_, index) => index !== from);
  const one = pictures[from];
  return one === undefined ? rest : [...rest.slice(0, to), one, ...rest.slice(to)];
}
