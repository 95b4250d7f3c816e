/**
 * Turns a file of staff into WebP in three widths, and into a small JPEG for emails; a logo into one PNG. Nothing of the file itself is served: what sharp cannot decode is
 * refused, and metadata such as the place of a photograph is dropped.
 */
import { createHash } from 'node:crypto';
import sharp, { type OutputInfo } from 'sharp';
import { LOGO_BOX, MAIL_PICTURE_SIDE, PICTURE_WIDTHS } from '../../models/contract/limits.ts';
import { invalidInput } from '../../models/errors.ts';
import type { PictureName, PictureSize } from '../../models/pictures/store-picture.ts';

export interface EncodedPicture {
  /** SHA-256 of the file, in hexadecimal digits. */
  pictureId: string;
  sizes: PictureSize[];
}

/** Photographs of phones have up to 50 megapixels; decoding more could take all memory. */
const MAX_PIXELS = 52_000_000;
/** Of one size. */
const MAX_BYTES = 400_000;
/** Tall pictures are cut to no more than this many widths. */
const MAX_HEIGHT_IN_WIDTHS = 2;
/** WebP's quality, from 1 to 100. The lower ones are for pictures like noise. */
const QUALITIES = [80, 60, 40, 15] as const;

// One at a time, on one thread, leaves the other processor to the shop; and a cache of images is of no use here.
sharp.concurrency(1);
sharp.cache(false);

/** Throws INVALID_INPUT for any other type by the file's first bytes, a damaged file and one with too many pixels. */
export async function encodePicture(file: Uint8Array): Promise<EncodedPicture> {
  const pixels = await decode(file);
  const sizes: PictureSize[] = [];
  for (const width of PICTURE_WIDTHS) sizes.push(await encodeSize(width, (quality) => toWebp(pixels, width, quality)));
  sizes.push(await encodeSize('mail', (quality) => toMailJpeg(pixels, quality)));
  return { pictureId: createHash('sha256').update(file).digest('hex'), sizes };
}

/**
 * PNG, because every mail reader shows it and it keeps transparency. Its id is none that a product's picture can have. Throws
 * as encodePicture does.
 */
export async function encodeLogo(file: Uint8Array): Promise<EncodedPicture> {
  const pixels = await decode(file);
  const size = await encodeSize('logo', (quality) => toLogoPng(pixels, quality));
  return { pictureId: createHash('sha256').update('logo\n').update(file).digest('hex'), sizes: [size] };
}

interface Encoded {
  data: Buffer;
  info: OutputInfo;
}

/** The pixels of the largest size, turned upright. Decoding is the longest part, so it is done once for all sizes. */
async function decode(file: Uint8Array): Promise<Encoded> {
  if (!isPicture(file)) throw invalidInput('file', 'must be a JPEG, a PNG, a WebP or an AVIF');
  const width = PICTURE_WIDTHS[2];
  try {
    return await sharp(file, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
      .autoOrient()
      .resize({ width, height: width * MAX_HEIGHT_IN_WIDTHS, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
  } catch (error) {
    // sharp names the cause in its message alone. Whatever it is, this file cannot be shown.
    const tooLarge = error instanceof Error && /pixel limit/i.test(error.message);
    throw invalidInput('file', tooLarge ? 'has too many pixels; send a smaller picture' : 'is damaged; save it anew');
  }
}

async function encodeSize(name: PictureName, encode: (quality: number) => Promise<Encoded>): Promise<PictureSize> {
  for (const quality of QUALITIES) {
    const { data, info } = await encode(quality);
    if (data.length <= MAX_BYTES) return { name, bytes: data, width: info.width, height: info.height };
  }
  throw invalidInput('file', 'has too much detail; send a smaller picture');
}

const read = ({ data, info: { width, height, channels } }: Encoded) =>
  sharp(data, { raw: { width, height, channels } });

function toWebp(pixels: Encoded, width: number, quality: number): Promise<Encoded> {
  return read(pixels)
    .resize({ width, height: width * MAX_HEIGHT_IN_WIDTHS, fit: 'inside', withoutEnlargement: true })
    .webp({ quality })
    .toBuffer({ resolveWithObject: true });
}

function toLogoPng(pixels: Encoded, quality: number): Promise<Encoded> {
  return read(pixels)
    .resize({ ...LOGO_BOX, fit: 'inside', withoutEnlargement: true })
    .png({ palette: true, quality })
    .toBuffer({ resolveWithObject: true });
}

/** Cut to a square, on white: JPEG has no transparency. */
function toMailJpeg(pixels: Encoded, quality: number): Promise<Encoded> {
  return read(pixels)
    .flatten({ background: '#ffffff' })
    .resize({ width: MAIL_PICTURE_SIDE, height: MAIL_PICTURE_SIDE, fit: 'cover' })
    .jpeg({ quality })
    .toBuffer({ resolveWithObject: true });
}

/** In hexadecimal digits; of AVIF the names of its brands, after the length of their box. */
const BEGINNINGS: readonly RegExp[] = [
  /^ffd8ff/,
  /^89504e470d0a1a0a/,
  /^52494646.{8}57454250/,
  /^.{8}66747970(61766966|61766973|6d696631)/,
];

/** By the first bytes, whatever the file is called. */
function isPicture(file: Uint8Array): boolean {
  const beginning = Buffer.from(file.subarray(0, 16)).toString('hex');
  return BEGINNINGS.some((pattern) => pattern.test(beginning));
}
