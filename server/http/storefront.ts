/**
 * Serves a built storefront from a folder: hashed assets for ever, the page itself never without asking. Any page
 * address that is not the API's gets index.html, because the storefront routes in the browser.
 */
import { join } from 'node:path';
import express, { type RequestHandler, Router } from 'express';

/** Addresses below these are the API's: an unknown one is a 404 in JSON, never the page. */
const API = /^\/(trpc|orders|webhooks|livez|readyz|metrics|openapi\.json|docs|agendash)(\/|$)/;
/** A shopper's orders are pages to a browser and REST to a program: the same address, told apart by what is accepted. */
const ORDER_PAGES = /^\/orders(\/[0-9a-f]{24})?\/?$/i;

export function storefrontRoutes(folder: string): Router {
  const routes = Router();
  const assets = express.static(folder, {
    index: false,
    redirect: false,
    setHeaders(res, file) {
      // The build puts a hash of the content into the names of what it puts into assets/.
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
    const wantsPage = (req.method === 'GET' || req.method === 'HEAD') && req.accepts(['json', 'html']) === 'html';
    if (!wantsPage || (API.test(req.path) && !isOrderPage)) return next();
    res.sendFile(file, { headers: { 'cache-control': 'no-cache' } }, (error) => {
      if (error && !res.headersSent) next();
    });
  };
}
