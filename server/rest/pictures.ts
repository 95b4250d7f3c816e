/**
 * POST /admin/pictures: staff send a picture; the body is the file itself. `admin.setPictures` puts it into a product.
 * GET /pictures/:pictureId/:size: one size of it, for everybody, under an address whose content never changes.
 */
import express, { Router } from 'express';
import { Bulkhead } from '../../models/bulkhead.ts';
import { MAX_PICTURE_BYTES, PICTURE_WIDTHS } from '../../models/contract/limits.ts';
import { DEADLINES } from '../../models/deadlines.ts';
import { invalidInput, notFound } from '../../models/errors.ts';
import { findPicture, PICTURE_NAMES, type PictureName, storePicture } from '../../models/pictures/store-picture.ts';
import type { AppContext } from '../context/app-context.ts';
import { encodePicture } from '../pictures/encode-picture.ts';
import type { ContextOf } from '../trpc/request-context.ts';
import { assertStaffCall } from '../trpc/trpc.ts';

/** Encoding takes the memory of a whole picture. */
const ENCODERS = 1;
const MAX_WAITING = 8;

export function pictureRoutes(app: AppContext, contextOf: ContextOf): Router {
  const router = Router({ caseSensitive: true });
  const encoders = new Bulkhead(ENCODERS, MAX_WAITING);
  router.post(
    '/admin/pictures',
    // Before the body is read: nobody else may send us megabytes.
    async (req, _res, next) => {
      await assertStaffCall(contextOf(req), 'editCatalogue');
      next();
    },
    express.raw({ type: () => true, limit: MAX_PICTURE_BYTES }),
    async (req, res) => {
      const file: unknown = req.body;
      if (!Buffer.isBuffer(file)) throw invalidInput('file', 'must be a JPEG, a PNG, a WebP or an AVIF');
      const until = performance.now() + DEADLINES.call;
      const { pictureId, sizes } = await encoders.run(() => encodePicture(file), until);
      await storePicture(app.db, pictureId, sizes, app.clock.now());
      const { width, height } = sizes.find(({ name }) => name === PICTURE_WIDTHS[2]) ?? { width: 0, height: 0 };
      res.json({ pictureId, width, height });
    },
  );
  router.get('/pictures/:pictureId/:size', async (req, res) => {
    const name = PICTURE_NAMES.find((one) => req.params.size === fileNameOf(one));
    if (name === undefined || !/^[0-9a-f]{64}$/.test(req.params.pictureId)) throw notFound('Picture');
    const bytes = await findPicture(app.db, req.params.pictureId, name);
    if (bytes === null) throw notFound('Picture');
    res.setHeader('cache-control', 'public, max-age=31536000, immutable');
    // Emails and shops of other origins show it; helmet keeps all else to pages of our own.
    res.setHeader('cross-origin-resource-policy', 'cross-origin');
    res.type(name === 'mail' ? 'image/jpeg' : 'image/webp').send(Buffer.from(bytes));
  });
  return router;
}

function fileNameOf(name: PictureName): string {
  return name === 'mail' ? 'mail.jpg' : `${name}.webp`;
}
