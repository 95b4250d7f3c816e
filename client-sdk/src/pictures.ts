import { type FileOptions, sendFile } from './send-file.ts';

/** A picture that the shop has taken, for `admin.setPictures`. Without it, the shop deletes the picture after a day. */
export interface SentPicture {
  pictureId: string;
  /** Of the largest size, in pixels. */
  width: number;
  height: number;
}

/**
 * Sends a picture: a JPEG, PNG, WebP or AVIF of at most 10 MB. `token` belongs to a member of staff who may edit the
 * catalogue. May be repeated: the same bytes have the same id. Rejects with the shop's sentence for a file that it does not
 * take.
 */
export async function sendPicture(options: FileOptions): Promise<SentPicture> {
  const { pictureId, width, height } = await sendFile<SentPicture>('/admin/pictures', options);
  return { pictureId, width, height };
}

/** Sends the shop's logo, as sendPicture does, for `admin.setAppearance`. `token` belongs to an owner. */
export async function sendLogo(options: FileOptions): Promise<SentPicture> {
  return sendFile('/admin/logo', options);
}

/** The address of a picture in one of its widths in pixels, for `src` and `srcset`. `url` as in OrdersClientOptions. */
export function pictureUrl(url: string, pictureId: string, width: 320 | 640 | 1280): string {
  return `${url.replace(/\/$/, '')}/pictures/${pictureId}/${width}.webp`;
}
