/** Which requests are answered with a page: those of browsers, and of crawlers, which accept anything. */
import type { Request } from 'express';

/**
 * Paths of the API: an unknown one below these gets a 404 in JSON, never the page. Those of the operators' port are among
 * them, because a health check that got the page would succeed for ever.
 */
const API = /^\/(trpc|orders|admin|pictures|webhooks|livez|readyz|metrics|openapi\.json|docs|agendash)(\/|$)/;
/** Paths that browsers open as pages and programs call as REST; the Accept header decides between them. */
const ORDER_PAGES = /^\/orders(\/[0-9a-f]{24})?\/?$/i;
const RETURN = /^\/orders\/verify-payment\/[^/]+\/?$/;
/** The build puts a hash of the content into the names of these files. */
const FILES = /^\/assets\//;

export function isApi(path: string): boolean {
  return API.test(path);
}

export function isOrderPage(path: string): boolean {
  return ORDER_PAGES.test(path);
}

/** A built file: it costs no database, and a page without it stays empty. */
export function isAsset({ path }: Request): boolean {
  return FILES.test(path);
}

/** A browser that Paystack has sent back, or one that opens an order. */
export function isReturningBrowser(req: Request): boolean {
  return (RETURN.test(req.path) || ORDER_PAGES.test(req.path)) && wantsPage(req);
}

/** True for a request of a browser, whose reply is a page, errors included. Programs accept anything, or JSON. */
export function wantsPage(req: Request): boolean {
  return isOfPages(req) && req.accepts(['json', 'html']) === 'html';
}

/** True for a request that the storefront answers: `Accept: *\/*` means a page, except at addresses that are routes of REST as well. */
export function acceptsPage(req: Request): boolean {
  return isOfPages(req) && req.accepts(isOrderPage(req.path) ? ['json', 'html'] : ['html', 'json']) === 'html';
}

function isOfPages(req: Request): boolean {
  const { method, path } = req;
  if ((method !== 'GET' && method !== 'HEAD') || isAsset(req)) return false;
  return RETURN.test(path) || ORDER_PAGES.test(path) || !API.test(path);
}

/** True for Paystack's return link, whose errors speak of the payment. */
export function isReturn({ path }: Request): boolean {
  return RETURN.test(path);
}
