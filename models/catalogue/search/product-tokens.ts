/** The tokens under which a product is found. Pure. */
import type { Product } from '../product.ts';
import type { Variant } from '../variant.ts';
import { categoryKeyOf, wordsOf } from './words.ts';

/** The places of a word in a product, the best first: the index gives that one first. */
export const PLACES = ['title', 'option', 'description'] as const;
export type Place = (typeof PLACES)[number];
const PREFIX: Record<Place, string> = { title: 'a:', option: 'b:', description: 'c:' };
const PLACE_OF = new Map(PLACES.map((place) => [PREFIX[place], place]));

/** A description has 5,000 characters at most, a product may have many variants. */
const MAX_TOKENS = 3_000;

export type SearchedProduct = Pick<Product, 'title' | 'category' | 'description'>;
export type SearchedVariant = Pick<Variant, 'sku' | 'title'>;

export const placeToken = (place: Place, word: string) => PREFIX[place] + word;
export const categoryToken = (category: string) => `k:${categoryKeyOf(category)}`;

/** The place and the word of a token; null for the token of a category. */
export function readToken(token: string): { place: Place; word: string } | null {
  const place = PLACE_OF.get(token.slice(0, 2));
  return place === undefined ? null : { place, word: token.slice(2) };
}

export function toProductTokens(product: SearchedProduct, variants: readonly SearchedVariant[]): string[] {
  const options = [product.category, ...variants.flatMap(({ sku, title }) => [sku, title])];
  const tokens = [
    categoryToken(product.category),
    ...wordsOf(product.title).map((word) => placeToken('title', word)),
    ...options.flatMap(wordsOf).map((word) => placeToken('option', word)),
    ...wordsOf(product.description).map((word) => placeToken('description', word)),
  ];
  return [...new Set(tokens)].slice(0, MAX_TOKENS);
}
