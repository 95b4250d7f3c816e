/**
 * Serves a built storefront from a folder. Browsers cache hashed assets for ever and revalidate the page on each visit.
 * Each path outside the API gets index.html, because the storefront routes in the browser.
 */
import { join } from 'node:path';
import express, { type RequestHandler, Router } from 'express';

/**
 * Paths of the API: an unknown one below these gets a 404 in JSON, never the page. Those of the operators' port are among
 * them, because a health check that got the page would succeed for ever.
 */
const API = /^\/(trpc|orders|admin|pictures|webhooks|livez|readyz|metrics|openapi\.json|docs|agendash)(\/|$)/;
/** Paths that browsers open as pages and programs call as REST; the Accept header decides between them. */
const ORDER_PAGES = /^\/orders(\/[0-9a-f]{24})?\/?$/i;

export function storefrontRoutes(folder: string): Router {
  const routes = Router();
  const assets = express.static(folder, {
    index: false,
    redirect: false,
    setHeaders(res, file) {
      // The build puts a hash of the content into the names of the files in assets/.
      const isHashed = /[\\/]assets[\\/][^\\/]+-[\w-]{8,}\.\w+$/.test(file);
      res.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  routes.use((req, res, next) => (API.test(req.path) ? next() : assets(req, res, next)));
  routes.use(page(join(folder, 'index.html')));
  return routes;
}

function page(file: string): RequestHandler {
  return (req, res, next) => {
    const isOrderPage = ORDER_PAGES.test(req.path);
    if (isOrderPage) res.vary('Accept');
    const acceptsPage = (req.method === 'GET' || req.method === 'HEAD') && req.accepts(['json', 'html']) === 'html';
    if (!acceptsPage || (API.test(req.path) && !isOrderPage)) return next();
    res.sendFile(file, { headers: { 'cache-control': 'no-cache' } }, (error) => {
      if (error && !res.headersSent) next();
    });
  };
}
