/**
 * POST /admin/pictures: staff send a picture; the body is the file itself. `admin.setPictures` puts it into a product.
 * POST /admin/logo: the same for `admin.setAppearance`.
 * GET /pictures/:pictureId/:size: one size of it, for everybody, under an address whose content never changes.
 */
import express, { Router } from 'express';
import { Bulkhead } from '../../models/bulkhead.ts';
import { MAX_PICTURE_BYTES } from '../../models/contract/limits.ts';
import type { Permission } from '../../models/contract/permissions.ts';
import { DEADLINES } from '../../models/deadlines.ts';
import { invalidInput, notFound } from '../../models/errors.ts';
import { findPicture, PICTURE_NAMES, type PictureName, storePicture } from '../../models/pictures/store-picture.ts';
import type { AppContext } from '../context/app-context.ts';
import { type EncodedPicture, encodeLogo, encodePicture } from '../pictures/encode-picture.ts';
import type { ContextOf } from '../trpc/request-context.ts';
import { assertStaffCall } from '../trpc/trpc.ts';

/** Encoding takes the memory of a whole picture. */
const ENCODERS = 1;
const MAX_WAITING = 8;

export function pictureRoutes(app: AppContext, contextOf: ContextOf): Router {
  const router = Router({ caseSensitive: true });
  const encoders = new Bulkhead(ENCODERS, MAX_WAITING);
  const takes = (path: string, permission: Permission, encode: (file: Uint8Array) => Promise<EncodedPicture>) =>
    router.post(
      path,
      // Before the body is read: nobody else may send us megabytes.
      async (req, _res, next) => {
        await assertStaffCall(contextOf(req), permission);
        next();
      },
      express.raw({ type: () => true, limit: MAX_PICTURE_BYTES }),
      async (req, res) => {
        const file: unknown = req.body;
        if (!Buffer.isBuffer(file)) throw invalidInput('file', 'must be a JPEG, a PNG, a WebP or an AVIF');
        const until = performance.now() + DEADLINES.call;
        const { pictureId, sizes } = await encoders.run(() => encode(file), until);
        await storePicture(app.db, pictureId, sizes, app.clock.now());
        const width = Math.max(...sizes.map((size) => size.width));
        const height = sizes.find((size) => size.width === width)?.height ?? 0;
        res.json({ pictureId, width, height });
      },
    );
  takes('/admin/pictures', 'editCatalogue', encodePicture);
  takes('/admin/logo', 'settings', encodeLogo);
  router.get('/pictures/:pictureId/:size', async (req, res) => {
    const name = SERVED.find((one) => req.params.size === fileNameOf(one));
    if (name === undefined || !/^[0-9a-f]{64}$/.test(req.params.pictureId)) throw notFound('Picture');
    const bytes = await findPicture(app.db, req.params.pictureId, name);
    if (bytes === null) throw notFound('Picture');
    res.setHeader('cache-control', 'public, max-age=31536000, immutable');
    // Emails and shops of other origins show it; helmet keeps all else to pages of our own.
    res.setHeader('cross-origin-resource-policy', 'cross-origin');
    res.type(fileNameOf(name)).send(Buffer.from(bytes));
  });
  return router;
}

const SERVED: readonly PictureName[] = [...PICTURE_NAMES, 'logo'];

function fileNameOf(name: PictureName): string {
  if (name === 'logo') return 'logo.png';
  return name === 'mail' ? 'mail.jpg' : `${name}.webp`;
}
