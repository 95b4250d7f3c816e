/**
 * Serves the built desk at /desk. It is one page for all of its addresses, which finds out by itself what is there. Addresses
 * from before it had an app of its own lead to it.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RequestHandler, Router } from 'express';
import { builtFiles } from './built-files.ts';
import { acceptsPage } from './page-request.ts';

/** `folder` is that of the built desk. Throws when it holds no index.html. */
export function deskRoutes(folder: string): Router {
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  const files = builtFiles(folder);
  const routes = Router({ caseSensitive: true });
  const lead: RequestHandler = (req, res) => {
    // A search on the first page of staff is one of the list of orders.
    const to = req.originalUrl.replace(/^\/staff\/?(?=\?)/, '/desk/orders').replace(/^\/staff/, '/desk');
    res.set('cache-control', 'no-cache').redirect(302, to);
  };
  routes.get('/staff', lead);
  routes.get('/staff/*rest', lead);
  routes.use('/desk', (req, res, next) => (isPage(req.path) ? next() : files(req, res, next)));
  routes.get('/desk', servePage(page));
  routes.get('/desk/*rest', servePage(page));
  return routes;
}

/** Only files have a dot in their names. */
function isPage(path: string): boolean {
  return path === '/index.html' || !path.slice(path.lastIndexOf('/')).includes('.');
}

function servePage(page: string): RequestHandler {
  const sources = ["'self'", ...hashesOfScripts(page)].join(' ');
  return (req, res, next) => {
    if (!acceptsPage(req) || !isPage(req.path)) return next();
    res.vary('Accept');
    const policy = String(res.getHeader('content-security-policy'));
    res.set('content-security-policy', policy.replace("script-src 'self'", `script-src ${sources}`));
    res.type('html').set('cache-control', 'no-cache').send(page);
  };
}

/** The sources by which the content security policy allows the scripts in the page's HTML, and no other there. */
function hashesOfScripts(page: string): string[] {
  const codes = [...page.matchAll(/<script>(.*?)<\/script>/gs)].map(([, code = '']) => code);
  return codes.map((code) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`);
}
