/** The tags that search engines and the previews of messengers read. They run no script, so the server writes them. */

import type { ProductView } from '../../../models/contract/catalogue.ts';
import { toDecimal } from '../../../models/contract/money.ts';
import { logoPath, THEME_ID, themePath } from '../../../models/contract/pages/looks.ts';
import { pricesOf } from '../../../models/contract/pricing/price-in.ts';
import type { ShopInfo } from '../../context/shop-identity.ts';
import { escapeHtml } from '../../email/templates/plain-text.ts';
import { toJson } from './template.ts';

export interface PageHead {
  /** Without the shop's name; empty for the home page. */
  title: string;
  description?: string;
  /** The one path under which search engines keep the page; null for a page that they leave out; undefined while unknown. */
  canonical: string | null | undefined;
  product?: ProductView;
}

export interface HeadOptions {
  shop: Pick<ShopInfo, 'name' | 'logo' | 'colour'>;
  /** Of the storefront, without a slash at its end. */
  storefrontUrl: string;
}

const HOME_DESCRIPTION = 'Well-made things, paid securely with Paystack.';

export function renderHead(head: PageHead, { shop, storefrontUrl }: HeadOptions): string {
  const { name: shopName, logo, colour } = shop;
  const title = head.title === '' ? shopName : `${head.title} · ${shopName}`;
  const { description = HOME_DESCRIPTION, canonical, product } = head;
  const url = typeof canonical === 'string' ? `${storefrontUrl}${canonical}` : null;
  return [
    `<title>${escapeHtml(title)}</title>`,
    meta('name', 'application-name', shopName),
    meta('name', 'description', description),
    ...(canonical === null ? [meta('name', 'robots', 'noindex')] : []),
    ...(url === null ? [] : [`<link rel="canonical" href="${escapeHtml(url)}">`, meta('property', 'og:url', url)]),
    meta('property', 'og:site_name', shopName),
    meta('property', 'og:type', product ? 'product' : 'website'),
    meta('property', 'og:title', product ? product.title : title),
    meta('property', 'og:description', description),
    meta('name', 'twitter:card', product?.pictures[0] ? 'summary_large_image' : 'summary'),
    ...(product ? productTags(product, url) : logoTags(logo, storefrontUrl)),
    ...(colour === null ? [] : [`<link rel="stylesheet" id="${THEME_ID}" href="${themePath(colour)}">`]),
  ].join('\n    ');
}

function meta(by: 'name' | 'property', name: string, content: string): string {
  return `<meta ${by}="${name}" content="${escapeHtml(content)}">`;
}

function logoTags(logo: ShopInfo['logo'], storefrontUrl: string): string[] {
  return logo === null ? [] : [meta('property', 'og:image', `${storefrontUrl}${logoPath(logo.pictureId)}`)];
}

function productTags(product: ProductView, url: string | null): string[] {
  const [first] = product.variants;
  const prices = first
    ? [
        meta('property', 'product:price:amount', toDecimal(first.price, first.currency)),
        meta('property', 'product:price:currency', first.currency),
        meta('property', 'product:availability', isInStock(product) ? 'in stock' : 'out of stock'),
      ]
    : [];
  const pictures = pictureUrls(product, url)
    .slice(0, 1)
    .map((picture) => meta('property', 'og:image', picture));
  return [...pictures, ...prices, `<script type="application/ld+json">${toJson(productData(product, url))}</script>`];
}

/** Absolute, of the largest size; none without the page's own address. */
function pictureUrls({ pictures }: ProductView, url: string | null): string[] {
  if (url === null) return [];
  return pictures.map(({ pictureId }) => new URL(`/pictures/${pictureId}/1280.webp`, url).href);
}

function isInStock({ variants }: ProductView): boolean {
  return variants.some(({ inStock }) => inStock);
}

/** Source: https://schema.org/Product, and Google's "Merchant listing structured data". */
function productData(product: ProductView, url: string | null) {
  const { title, description, category, variants } = product;
  const address = url === null ? {} : { url };
  const image = pictureUrls(product, url);
  return {
    '@context': 'https://schema.org',
    '@type': 'Product',
    name: title,
    description,
    category,
    ...address,
    ...(image.length === 0 ? {} : { image }),
    ...(variants.length === 1 && variants[0] ? { sku: variants[0].sku } : {}),
    ...(variants.length === 0
      ? {}
      : {
          offers: variants.flatMap((variant) =>
            pricesOf(variant).map(({ amount, currency }) => ({
              '@type': 'Offer',
              name: variant.title,
              sku: variant.sku,
              price: toDecimal(amount, currency),
              priceCurrency: currency,
              availability: `https://schema.org/${variant.inStock ? 'InStock' : 'OutOfStock'}`,
              ...address,
            })),
          ),
        }),
  };
}

/** Search engines show some 160 characters. */
const MAX_DESCRIPTION = 160;

/** The text in one line, cut after a word. */
export function toDescription(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= MAX_DESCRIPTION) return line;
  const cut = line.slice(0, MAX_DESCRIPTION - 1);
  return `${cut.replace(/\s+\S*$/, '')}…`;
}
