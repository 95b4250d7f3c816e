/** The first content of a page of the storefront by its address: status, head and data. */
import type { Request } from 'express';
import { Types } from 'mongoose';
import { withTimeout } from '../../../jobs/concurrency/with-timeout.ts';
import type { ProductView } from '../../../models/contract/catalogue.ts';
import { objectId } from '../../../models/contract/fields.ts';
import { type FirstData, PRODUCTS_PAGE } from '../../../models/contract/pages/first-data.ts';
import {
  findPage,
  type MatchedPage,
  type PagePattern,
  readProductsAddress,
} from '../../../models/contract/pages/pages.ts';
import { policyName } from '../../../models/contract/shop/appearance.ts';
import { POLICY_TITLES, type PolicyName } from '../../../models/contract/shop/policies.ts';
import { DEADLINES } from '../../../models/deadlines.ts';
import { AppError } from '../../../models/errors.ts';
import { findReturnedPayment } from '../../../models/order/queries/returned-payment.ts';
import type { ReadShopInfo, ShopInfo } from '../../context/shop-identity.ts';
import type { ContextOf } from '../../trpc/request-context.ts';
import { createCaller } from '../../trpc/router.ts';
import { classifyError, retryAfterSeconds } from '../classify-error.ts';
import { type PageHead, toDescription } from './head.ts';

export type PageContent =
  | { redirect: { status: 301 | 302; to: string } }
  | { status: 200 | 404; head: PageHead; data: FirstData; isAlikeForAll: boolean }
  | { status: 503; retryAfterSeconds: number; head: PageHead; data: FirstData; isAlikeForAll: false };

/** Until the page's own code sets its title. */
const TITLES: Readonly<Record<PagePattern, string>> = {
  '/': '',
  '/products/:slug': 'Product',
  '/products/by-id/:id': 'Product',
  '/cart': 'Your cart',
  '/checkout': 'Checkout',
  '/orders': 'Your orders',
  '/orders/:id': 'Your order',
  '/account': 'Your account',
  '/sign-in': 'Sign in',
  '/sign-up': 'Create your account',
  '/forgot-password': 'Set a new password',
  '/reset-password': 'Set a new password',
  '/verify-email': 'Confirm your email address',
  '/signed-in': 'Signing in',
  '/policies/:name': 'Policies',
};

const NO_PAGE = { title: 'There is no such page', canonical: null };
const NO_PRODUCT = { title: 'There is no such product', canonical: null };

/** The product may exist: it could not be read just now. */
class Unread {
  readonly retryAfterSeconds: number;
  constructor(error: unknown) {
    this.retryAfterSeconds = retryAfterSeconds(classifyError(error, null).wire) ?? 2;
  }
}

export interface PageTools {
  contextOf: ContextOf;
  readShopInfo: ReadShopInfo;
}

/**
 * Never throws: without the database, or past the caller's limit, the page comes without data, and its code fetches them. That
 * of a product has the status 503 then.
 */
export async function readPageContent(
  req: Request,
  { contextOf, readShopInfo }: PageTools,
): Promise<PageContent & { shop: ShopInfo }> {
  const path = req.path.replace(/(.)\/$/, '$1');
  const page = findPage(path);
  const context = contextOf(req);
  const { app } = context;
  const boundedRead = <T>(work: Promise<T>): Promise<T | undefined> => {
    const orNothing: Promise<T | undefined> = work.catch(() => undefined);
    return withTimeout(orNothing, DEADLINES.pageData, () => undefined);
  };
  const boundedProduct = async (read: Promise<ProductView>): Promise<ProductView | null | Unread> => {
    const product = orNull(read).catch((error: unknown) => new Unread(error));
    return withTimeout(product, DEADLINES.pageData, () => new Unread(undefined));
  };
  const [content, shop] = await Promise.all([
    page === null ? { status: 404 as const, head: NO_PAGE, data: {}, isAlikeForAll: true } : readContent(page),
    readShopInfo(),
  ]);
  return 'redirect' in content ? { ...content, shop } : { ...content, shop, data: { shop, ...content.data } };

  function readContent(found: MatchedPage): Promise<PageContent> {
    const { pattern, values } = found;
    const query = new URLSearchParams(req.originalUrl.split('?')[1] ?? '');
    const call = createCaller(context);
    switch (pattern) {
      case '/':
        return readHome(query, (input) => boundedRead(call.catalog.products(input)));
      case '/products/:slug':
        return readProduct(values.slug ?? '', query, (slug) => boundedProduct(call.catalog.product({ slug })));
      case '/products/by-id/:id':
        return readProduct(null, query, () => boundedProduct(call.catalog.productById({ id: values.id ?? '' })));
      case '/policies/:name':
        return readPolicy(policyName.parse(values.name), (name) => boundedRead(orNull(call.shop.policy({ name }))));
      case '/orders/:id':
        return readOrder(values.id ?? '', (id) => boundedRead(findReturnedPayment(app.db, id, app.clock.now())));
      default:
        return Promise.resolve(plain(pattern));
    }
  }
}

function plain(pattern: PagePattern, data: FirstData = {}): PageContent {
  return { status: 200, head: { title: TITLES[pattern], canonical: null }, data, isAlikeForAll: true };
}

type ProductsInput = { limit: number; search?: string; category?: string };

async function readHome(
  query: URLSearchParams,
  list: (input: ProductsInput) => Promise<NonNullable<FirstData['products']>['page'] | undefined>,
): Promise<PageContent> {
  const { search, category } = readProductsAddress(query);
  const page = await list({
    limit: PRODUCTS_PAGE,
    ...(search === '' ? {} : { search }),
    ...(category === '' ? {} : { category }),
  });
  const data = page === undefined ? {} : { products: { search, category, page } };
  // Search engines leave out results of searches, whose addresses are without number.
  if (search !== '')
    return { status: 200, head: { title: `Results for “${search}”`, canonical: null }, data, isAlikeForAll: true };
  if (category === '') return { status: 200, head: { title: '', canonical: '/' }, data, isAlikeForAll: true };
  const [first] = page?.items ?? [];
  if (page !== undefined && first === undefined)
    return { status: 404, head: { title: category, canonical: null }, data, isAlikeForAll: true };
  // As the products have it, whatever case the link has.
  const title = first?.category ?? category;
  return {
    status: 200,
    head: { title, canonical: `/?category=${encodeURIComponent(title)}` },
    data,
    isAlikeForAll: true,
  };
}

/** `requested`: the slug of the address; null for the address by id. */
async function readProduct(
  requested: string | null,
  query: URLSearchParams,
  find: (slug: string) => Promise<ProductView | null | Unread>,
): Promise<PageContent> {
  const product = await find(requested?.toLowerCase() ?? '');
  if (product instanceof Unread) {
    // Search engines drop a page without its product; after a 503 they keep the one that they know.
    const head = { title: TITLES['/products/:slug'], canonical: undefined };
    return { status: 503, retryAfterSeconds: product.retryAfterSeconds, head, data: {}, isAlikeForAll: false };
  }
  if (product === null) return { status: 404, head: NO_PRODUCT, data: { missing: true }, isAlikeForAll: true };
  const { slug, title, category } = product;
  if (slug !== requested) {
    const rest = query.size === 0 ? '' : `?${query}`;
    // An old slug never leads to another product, so browsers may keep it. The slug of an id may change.
    return { redirect: { status: requested === null ? 302 : 301, to: `/products/${slug}${rest}` } };
  }
  const description = toDescription(product.description) || toDescription(`${title}. ${category}.`);
  const head = { title, description, canonical: `/products/${slug}`, product };
  return { status: 200, head, data: { product }, isAlikeForAll: true };
}

async function readPolicy(
  name: PolicyName,
  find: (name: PolicyName) => Promise<FirstData['policy'] | null>,
): Promise<PageContent> {
  const policy = await find(name);
  if (policy === null) return { status: 404, head: NO_PAGE, data: {}, isAlikeForAll: true };
  const head = { title: POLICY_TITLES[name], canonical: `/policies/${name}` };
  if (policy === undefined) return { status: 200, head, data: {}, isAlikeForAll: true };
  // Without the marks of its headings and lists.
  const description = toDescription(policy.text.replace(/^(?:#+|-)\s|\*\*|[[\]]|\(\S*\)/gm, ''));
  return { status: 200, head: { ...head, description }, data: { policy }, isAlikeForAll: true };
}

async function readOrder(
  id: string,
  find: (id: Types.ObjectId) => Promise<FirstData['returned'] | null>,
): Promise<PageContent> {
  const returned = objectId.safeParse(id).success ? await find(new Types.ObjectId(id)) : null;
  return { ...plain('/orders/:id', returned ? { returned } : {}), isAlikeForAll: false };
}

/** Null for what does not exist, also for an address that cannot be one. */
function orNull<T>(read: Promise<T>): Promise<T | null> {
  return read.catch((error: unknown) => {
    const cause = error instanceof Error && 'cause' in error ? error.cause : undefined;
    if (isMissing(error) || isMissing(cause)) return null;
    throw error;
  });
}

function isMissing(error: unknown): boolean {
  if (error instanceof AppError) return error.code === 'NOT_FOUND';
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'ZodError';
}
