import { isConnectionError, isOrdersError, type RouterInputs, sendPicture } from '@orders-module/client';
import { client } from '../../../parts/data/client.ts';
import { asSentence, FormError } from '../../../parts/data/errors.ts';
import { currentSession, expireSession } from '../../../parts/data/session.ts';
import type { StaffProductDetail } from './products.ts';

/** Equal to the server's limits. */
export const MAX_PICTURES = 8;
const MAX_FILE_BYTES = 10 * 1024 * 1024;

export type Picture = StaffProductDetail['pictures'][number];
type Chosen = RouterInputs['admin']['setPictures']['pictures'];

/** The session ended before the file was in the shop. The same files may be sent once more. */
export class SendingInterrupted extends FormError {}

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
    added.push({ pictureId: await send(file, progress) });
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

async function send(file: File, onProgress: (sent: number) => void): Promise<string> {
  if (file.size > MAX_FILE_BYTES) throw new FormError(`${file.name} is larger than 10 MB.`);
  const token = currentSession()?.token ?? '';
  try {
    return (await sendPicture({ url: '', token, file, onProgress })).pictureId;
  } catch (error) {
    if (isConnectionError(error) || isOrdersError(error) || !(error instanceof Error)) throw error;
    if ('code' in error && error.code === 'UNAUTHENTICATED') {
      expireSession();
      throw new SendingInterrupted(`Your session ended before ${file.name} was in the shop.`);
    }
    throw new FormError(`${file.name}: ${asSentence(error.message.replace(/^file: /, ''))}`);
  }
}

export const toChosen = ({ pictureId, text }: Picture) => ({ pictureId, text });

/** The pictures with the one at `from` moved to `to`. */
export function moved(pictures: readonly Picture[], from: number, to: number): Picture[] {
  const rest = pictures.filter((_, index) => index !== from);
  const one = pictures[from];
  return one === undefined ? rest : [...rest.slice(0, to), one, ...rest.slice(to)];
}
