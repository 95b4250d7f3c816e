/** Redirects of the storefront's product pages: from the address by id, and from slugs that a product had before. */
import { type RequestHandler, Router } from 'express';
import { Types } from 'mongoose';
import { withTimeout } from '../../jobs/concurrency/with-timeout.ts';
import { findCurrentSlug, findSlugById } from '../../models/catalogue/browse.ts';
import { objectId, slug } from '../../models/contract/fields.ts';
import { DEADLINES } from '../../models/deadlines.ts';
import type { AppContext } from '../context/app-context.ts';

/**
 * An old slug is a permanent redirect (301), because no other product can get it. The address by id is a temporary one
 * (302), because the slug may change. All other requests get the page, also while the database does not answer.
 */
export function productRedirects({ db }: Pick<AppContext, 'db'>): Router {
  const routes = Router({ caseSensitive: true });
  const byId = async (id: string) => (objectId.safeParse(id).success ? findSlugById(db, new Types.ObjectId(id)) : null);
  const bySlug = async (old: string) => (slug.safeParse(old).success ? findCurrentSlug(db, old) : null);
  routes.get('/products/by-id/:key', redirect(302, byId));
  routes.get('/products/:key', redirect(301, bySlug));
  return routes;
}

function redirect(status: 301 | 302, find: (key: string) => Promise<string | null>): RequestHandler<{ key: string }> {
  return async (req, res, next) => {
    if (req.accepts(['json', 'html']) !== 'html') return next();
    const { key } = req.params;
    const found = find(key).catch(() => null);
    const current = await withTimeout(found, DEADLINES.productRedirect, () => null);
    if (current === null || current === key) return next();
    res.vary('Accept');
    res.setHeader('cache-control', 'no-cache');
    res.redirect(status, `/products/${current}${req.originalUrl.slice(req.originalUrl.split('?', 1)[0]?.length)}`);
  };
}
