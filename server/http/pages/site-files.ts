/** robots.txt and sitemap.xml, unless the storefront's folder holds its own. */
import { type RequestHandler, Router } from 'express';
import { SingleFlight } from '../../../jobs/concurrency/single-flight.ts';
import { findSlugs } from '../../../models/catalogue/addresses.ts';
import type { AppContext } from '../../context/app-context.ts';
import { escapeHtml } from '../../email/templates/plain-text.ts';

/** The most in one file. Source: sitemaps.org, "Sitemap file". */
const MAX_ADDRESSES = 50_000;
/** A new product is in the file after this time. */
const SITEMAP_TTL_MS = 60_000;

/** Pages of one person, and the API. */
const NOT_FOR_ROBOTS = ['/cart', '/checkout', '/orders', '/account', '/desk', '/staff', '/trpc/', '/agendash'];

export function siteFiles({ db, clock, config }: Pick<AppContext, 'db' | 'clock' | 'config'>): Router {
  const routes = Router({ caseSensitive: true });
  const sitemaps = new SingleFlight<string>(SITEMAP_TTL_MS, clock);
  routes.get('/robots.txt', (_req, res) => {
    const lines = ['User-agent: *', ...NOT_FOR_ROBOTS.map((path) => `Disallow: ${path}`), ''];
    res.type('text/plain').set('cache-control', 'no-cache');
    res.send(`${[...lines, `Sitemap: ${config.storefrontUrl}/sitemap.xml`].join('\n')}\n`);
  });
  const sitemap: RequestHandler = async (_req, res) => {
    const xml = await sitemaps.get('sitemap', async () => {
      const slugs = await findSlugs(db, MAX_ADDRESSES - 1);
      return toXml(['/', ...slugs.map((slug) => `/products/${slug}`)].map((path) => `${config.storefrontUrl}${path}`));
    });
    res.type('application/xml').set('cache-control', 'no-cache').send(xml);
  };
  routes.get('/sitemap.xml', sitemap);
  return routes;
}

function toXml(addresses: readonly string[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
    ...addresses.map((address) => `<url><loc>${escapeHtml(address)}</loc></url>`),
    '</urlset>',
    '',
  ].join('\n');
}
