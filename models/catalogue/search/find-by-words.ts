/** The products that agree with a search, best first. Every step is bounded, whatever the search is. */
import { Types } from 'mongoose';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import { beginsWith } from '../../search/read-ids.ts';
import { PRODUCT_TOKENS } from './product-search-document.ts';
import { categoryToken, PLACES, type Place, placeToken, readToken } from './product-tokens.ts';
import {
  type Chunk,
  chunksOf,
  isNumber,
  isOneTypoApart,
  LEAST_TYPO_WORD,
  shortenedForms,
  singularsOf,
} from './words.ts';

/** Products of one word that are compared; some 10 ms. */
const MAX_MATCHES = 1_000;
/** Further words could only narrow what eight words have narrowed. */
const MAX_CHUNKS = 8;
/** Words that a typing error may have meant. */
const MAX_MEANT = 8;
/** A shorter beginning of a word would be found in most descriptions. */
const LEAST_BEGINNING: Record<Place, number> = { title: 2, option: 2, description: 4 };
/** A shorter beginning of a number is another number: 4 is not 42. */
const LEAST_NUMBER_BEGINNING = 4;

/** The weight of a whole word in this place; a beginning weighs three quarters, a corrected word half. */
const WEIGHT: Record<Place, number> = { title: 80, option: 40, description: 8 };
/** More than all weights of MAX_CHUNKS: more words found is better than better places. */
const WORD_FOUND = 1_000;

/** Words that hold a phrase together and are found in any product. */
const FILLERS = new Set('a an and the of for with in on to de la le les du des et en pour avec un une'.split(' '));

export interface RankedProduct {
  id: Types.ObjectId;
  /** Higher is better; at most four digits. */
  score: number;
}

export interface FoundByWords {
  /** Best first; of equal ones, the newest first. */
  products: RankedProduct[];
  /** `similar`: some word was taken for a typing error. `some`: no product has all words. */
  matches: 'all' | 'similar' | 'some';
}

/** Weights by the id in hexadecimal. */
type Weights = Map<string, number>;

interface Matches {
  weights: Weights;
  /** False where more products may agree than were read. */
  complete: boolean;
  /** Finds which of these ids agree, however many others do. */
  among(ids: readonly string[]): Promise<Weights>;
}

export async function findByWords(db: Database, search: string, category?: string): Promise<FoundByWords> {
  const chunks = toSearchedChunks(search);
  const exact = await Promise.all(chunks.map((chunk) => matchesOfChunk(db, chunk)));
  const found = await Promise.all(
    exact.map(async (matches, index) => {
      const word = chunks[index]?.whole ?? '';
      return matches.weights.size > 0 ? matches : matchesOfTypo(db, word);
    }),
  );
  const isCorrected = found.some((matches, index) => matches !== exact[index] && matches.weights.size > 0);
  const words = found.filter(({ weights }) => weights.size > 0);
  const [all, isAll] = [await havingAll(words), words.length === chunks.length];
  const isSome = words.length > 0 && (all.size === 0 || !isAll);
  const scores = all.size > 0 || words.length === 0 ? all : havingSome(words);
  const within = category === undefined ? scores : await inCategory(db, scores, category);
  return { products: ranked(within), matches: isSome ? 'some' : isCorrected ? 'similar' : 'all' };
}

function toSearchedChunks(search: string): Chunk[] {
  const chunks = chunksOf(search);
  const telling = chunks.filter(({ whole }) => !FILLERS.has(whole));
  const distinct = new Map((telling.length > 0 ? telling : chunks).map((chunk) => [chunk.whole, chunk]));
  return [...distinct.values()].slice(0, MAX_CHUNKS);
}

/** The products with the chunk as one word, like a SKU or `tshirt`, and those with all its pieces. */
async function matchesOfChunk(db: Database, { whole, pieces }: Chunk): Promise<Matches> {
  const [joined, ...parts] = await Promise.all([whole, ...pieces].map((word) => matchesOfWord(db, word)));
  if (joined === undefined) throw new Error('A chunk is a word.');
  if (parts.length === 0) return joined;
  const unite = (apart: Weights, together: Weights) => new Map([...apart, ...together]);
  return {
    weights: unite(await havingAll(parts, parts.length), joined.weights),
    complete: joined.complete && parts.every(({ complete }) => complete),
    among: async (ids) => {
      const weighed = await Promise.all([joined, ...parts].map((part) => part.among(ids)));
      const [together = new Map(), ...apart] = weighed;
      return unite(intersect(apart, parts.length), together);
    },
  };
}

/** As a whole word, its singular, and as the beginning of a word. */
function matchesOfWord(db: Database, word: string): Promise<Matches> {
  const whole = [word, ...singularsOf(word)];
  const tokens = PLACES.flatMap((place) => [
    ...whole.map((form) => placeToken(place, form)),
    ...(mayBegin(word, place) ? [beginsWith(placeToken(place, word))] : []),
  ]);
  return readMatches(db, tokens, new Set(whole), 1);
}

function mayBegin(word: string, place: Place): boolean {
  return word.length >= (isNumber(word) ? LEAST_NUMBER_BEGINNING : LEAST_BEGINNING[place]);
}

/** The products with a word that this one may have been meant for. */
async function matchesOfTypo(db: Database, word: string): Promise<Matches> {
  const meant = word.length < LEAST_TYPO_WORD || isNumber(word) ? [] : await wordsNear(db, word);
  const tokens = PLACES.flatMap((place) => meant.map((one) => placeToken(place, one)));
  return readMatches(db, tokens, new Set(meant), 0.5);
}

/**
 * Of the word itself, and of what it may be the singular or the plural of. Two words with a typing error between them have a
 * shortened form in common, or one is a shortened form of the other.
 */
async function wordsNear(db: Database, searched: string): Promise<string[]> {
  const words = [searched, `${searched}s`, searched.replace(/s$/, '')].filter(
    ({ length }) => length >= LEAST_TYPO_WORD,
  );
  const forms = words.flatMap(shortenedForms);
  const near = await driverCollection(db.searchWords)
    .find<{ _id: string }>({ $or: [{ _id: { $in: forms } }, { shortened: { $in: [...words, ...forms] } }] })
    .project<{ _id: string }>({ _id: 1 })
    .toArray();
  return near
    .map(({ _id }) => _id)
    .filter((one) => words.some((word) => isOneTypoApart(word, one)))
    .slice(0, MAX_MEANT);
}

/** From the index alone, which gives each product once, by the token of its best place. */
async function readMatches(
  db: Database,
  tokens: readonly (string | RegExp)[],
  whole: ReadonlySet<string>,
  factor: number,
): Promise<Matches> {
  const none = new Map<string, number>();
  if (tokens.length === 0) return { weights: none, complete: true, among: async () => none };
  const rows = driverCollection(db.productSearch);
  const keys = await rows
    .find<{ _id: Types.ObjectId; t: unknown }>(
      { t: { $in: [...tokens] } },
      { returnKey: true, hint: PRODUCT_TOKENS, limit: MAX_MATCHES, batchSize: MAX_MATCHES + 1 },
    )
    .toArray();
  const weights = new Map(keys.map(({ _id, t }) => [_id.toHexString(), weightOf(String(t), whole, factor)]));
  return {
    weights,
    complete: keys.length < MAX_MATCHES,
    among: async (ids) => {
      const others = await rows
        .find({ _id: { $in: ids.map(toObjectId) }, t: { $in: [...tokens] } }, { projection: { _id: 1 } })
        .toArray();
      const least = Math.round(WEIGHT.description * factor);
      return new Map(others.map(({ _id }) => [_id.toHexString(), weights.get(_id.toHexString()) ?? least]));
    },
  };
}

function weightOf(token: string, whole: ReadonlySet<string>, factor: number): number {
  const read = readToken(token);
  if (read === null) return 0;
  return Math.round(WEIGHT[read.place] * factor * (whole.has(read.word) ? 1 : 0.75));
}

/** The products with every word. A word of too many products is compared with those of the others. */
async function havingAll(words: readonly Matches[], share = 1): Promise<Weights> {
  const [rarest, ...others] = [...words].sort((a, b) => a.weights.size - b.weights.size);
  if (rarest === undefined) return new Map();
  const ids = [...rarest.weights.keys()];
  const lists = await Promise.all(others.map(({ complete, weights, among }) => (complete ? weights : among(ids))));
  return intersect([rarest.weights, ...lists], share);
}

/** `share`: by how many the sums are divided. */
function intersect([first = new Map(), ...others]: readonly Weights[], share: number): Weights {
  const common = [...first].filter(([id]) => others.every((weights) => weights.has(id)));
  return new Map(
    common.map(([id, weight]) => {
      const sum = others.reduce((total, weights) => total + (weights.get(id) ?? 0), weight);
      return [id, Math.round(sum / share)];
    }),
  );
}

/** The products with at least one word; more words first. */
function havingSome(words: readonly Matches[]): Weights {
  const scores: Weights = new Map();
  for (const { weights } of words)
    for (const [id, weight] of weights) scores.set(id, (scores.get(id) ?? 0) + WORD_FOUND + weight);
  return scores;
}

async function inCategory(db: Database, scores: Weights, category: string): Promise<Weights> {
  const rows = await driverCollection(db.productSearch)
    .find(
      { _id: { $in: [...scores.keys()].map(toObjectId) }, t: categoryToken(category) },
      { projection: { _id: 1 }, batchSize: MAX_MATCHES + 1 },
    )
    .toArray();
  const within = new Set(rows.map(({ _id }) => _id.toHexString()));
  return new Map([...scores].filter(([id]) => within.has(id)));
}

function ranked(scores: Weights): RankedProduct[] {
  return [...scores]
    .sort(([a, scoreA], [b, scoreB]) => scoreB - scoreA || (a < b ? 1 : -1))
    .map(([id, score]) => ({ id: toObjectId(id), score }));
}

const toObjectId = (id: string) => Types.ObjectId.createFromHexString(id);
