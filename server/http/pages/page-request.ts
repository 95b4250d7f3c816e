/** Which requests are answered with a page: those of browsers, and of crawlers, which accept anything. */
import type { Request } from 'express';

/**
 * Paths of the API: an unknown one below these gets a 404 in JSON, never the page. Those of the operators' port are among
 * them, because a health check that got the page would succeed for ever.
 */
const API = /^\/(trpc|orders|admin|pictures|webhooks|livez|readyz|metrics|openapi\.json|docs|agendash)(\/|$)/;
/** Paths whose errors are never pages, because only programs call them, or because another program answers there. */
const NEVER_PAGES = /^\/(trpc|webhooks|pictures|agendash|livez|readyz|metrics|openapi\.json|docs)(\/|$)/;
/** A path that browsers open as a page and programs call as REST; the Accept header decides between them. */
const ORDER_PAGE = /^\/orders\/(?!verify-payment\b)[^/]+\/?$/;
const ORDERS_PAGE = /^\/orders\/?$/;
const KNOWN_ORDER_PAGES = /^\/orders(\/[0-9a-f]{24})?\/?$/i;
const RETURN = /^\/orders\/verify-payment\/[^/]+\/?$/;
/** The return link, also if its end is lost or has grown. */
const ANY_RETURN = /^\/orders\/verify-payment(\/.*)?$/;
/** The build puts a hash of the content into the names of these files. */
const FILES = /^(\/desk)?\/assets\//;

export function isApi(path: string): boolean {
  return API.test(path);
}

/** The list of orders, and one order's page, whether or not such an order can exist. */
export function isOrderPage(path: string): boolean {
  return ORDERS_PAGE.test(path) || ORDER_PAGE.test(path);
}

/** A built file: it costs no database, and a page without it stays empty. */
export function isAsset({ path }: Request): boolean {
  return FILES.test(path);
}

/** A browser that Paystack has sent back, or one that opens an order. */
export function isReturningBrowser(req: Request): boolean {
  return (RETURN.test(req.path) || KNOWN_ORDER_PAGES.test(req.path)) && wantsPage(req);
}

/** True for a request of a browser, whose reply is a page, errors included. Programs accept anything, or JSON. */
export function wantsPage(req: Request): boolean {
  return isRead(req) && !NEVER_PAGES.test(req.path) && req.accepts(['json', 'html']) === 'html';
}

/** True for a request that the storefront answers: `Accept: *\/*` means a page, except at addresses that are routes of REST as well. */
export function acceptsPage(req: Request): boolean {
  const { path } = req;
  if (!isRead(req) || (API.test(path) && !isOrderPage(path))) return false;
  return req.accepts(ORDER_PAGE.test(path) ? ['json', 'html'] : ['html', 'json']) === 'html';
}

function isRead(req: Request): boolean {
  return (req.method === 'GET' || req.method === 'HEAD') && !isAsset(req);
}

/** True for Paystack's return link, whose errors speak of the payment. */
export function isReturn({ path }: Request): boolean {
  return ANY_RETURN.test(path);
}
