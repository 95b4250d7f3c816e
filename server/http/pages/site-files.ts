/** robots.txt and the sitemaps, unless the storefront's folder holds its own. */
import { type RequestHandler, Router } from 'express';
import { SingleFlight } from '../../../jobs/concurrency/single-flight.ts';
import { findSlugs } from '../../../models/catalogue/addresses.ts';
import type { AppContext } from '../../context/app-context.ts';
import { writeSitemaps } from './sitemap.ts';

/** A million products are 20 files. */
const MAX_PRODUCTS = 1_000_000;
/** A new product is in the file after this time. */
const SITEMAP_TTL_MS = 60_000;

/** Pages of one person, and the API. */
const NOT_FOR_ROBOTS = ['/cart', '/checkout', '/orders', '/account', '/desk', '/staff', '/trpc/', '/agendash'];

type Site = Pick<AppContext, 'db' | 'clock' | 'config' | 'settings'>;

export function siteFiles({ db, clock, config, settings }: Site): Router {
  const routes = Router({ caseSensitive: true });
  const sitemaps = new SingleFlight<ReadonlyMap<string, string>>(SITEMAP_TTL_MS, clock);
  routes.get('/robots.txt', (_req, res) => {
    const lines = ['User-agent: *', ...NOT_FOR_ROBOTS.map((path) => `Disallow: ${path}`), ''];
    res.type('text/plain').set('cache-control', 'no-cache');
    res.send(`${[...lines, `Sitemap: ${config.storefrontUrl}/sitemap.xml`].join('\n')}\n`);
  });
  const sitemap: RequestHandler = async (req, res, next) => {
    const files = await sitemaps.get('sitemap', async () => {
      const [slugs, { policies = {} }] = await Promise.all([findSlugs(db, MAX_PRODUCTS), settings()]);
      const policyPages = Object.keys(policies).map((name) => `/policies/${name}`);
      return writeSitemaps(config.storefrontUrl, ['/', ...policyPages, ...slugs.map((slug) => `/products/${slug}`)]);
    });
    const xml = files.get(req.path);
    if (xml === undefined) return next();
    res.type('application/xml').set('cache-control', 'no-cache').send(xml);
  };
  routes.get('/sitemap.xml', sitemap);
  routes.get('/sitemap-:number.xml', sitemap);
  return routes;
}
