/** The addresses of the storefront's pages. The server answers any other address with the status 404. */

import { POLICIES } from '../shop/policies.ts';

/** `:name` stands for one segment of the path. */
export const PAGES = [
  '/',
  '/products/:slug',
  '/products/by-id/:id',
  '/cart',
  '/checkout',
  '/orders',
  '/orders/:id',
  '/account',
  '/sign-in',
  '/sign-up',
  '/forgot-password',
  '/reset-password',
  '/verify-email',
  '/signed-in',
  '/policies/:name',
] as const;
export type PagePattern = (typeof PAGES)[number];

/** In the query of an order's page: the payment page was left by its button to cancel. */
export const LEFT_UNPAID = 'left-unpaid';

export interface MatchedPage {
  pattern: PagePattern;
  /** The values of the pattern's `:name` segments. */
  values: Readonly<Record<string, string>>;
}

/** The page at this path, which has no slash at its end; null if there is none. */
export function findPage(path: string): MatchedPage | null {
  for (const pattern of PAGES) {
    const values = matchPath(pattern, path);
    if (values !== null && canBe(pattern, values)) return { pattern, values };
  }
  return null;
}

/** False for a link to an order whose end is lost, which is no page at all, and for a policy that no shop has. */
function canBe(pattern: PagePattern, { id = '', name = '' }: Readonly<Record<string, string>>): boolean {
  if (pattern === '/policies/:name') return POLICIES.some((policy) => policy === name);
  return pattern !== '/orders/:id' || /^[0-9a-f]{24}$/i.test(id);
}

/** The values of a pattern's `:name` segments; null if the path does not match. */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const segments = pattern.split('/');
  const given = path.split('/');
  if (segments.length !== given.length) return null;
  const values: Record<string, string> = {};
  for (const [index, part] of segments.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith(':')) values[part.slice(1)] = value;
    else if (part !== value) return null;
  }
  return values;
}

/** The home page lists everything, a search’s results or a category. Longer texts are cut, not refused. */
export function readProductsAddress(query: URLSearchParams): { search: string; category: string } {
  return {
    search: query.get('q')?.trim().slice(0, 100) ?? '',
    category: query.get('category')?.trim().slice(0, 50) ?? '',
  };
}
