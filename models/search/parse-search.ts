/** From a text that staff type to the tokens that it may mean. Pure. */
import { compactChunks, compactText, foldText } from './fold-text.ts';
import { CODE_BEGINNING, codeToken, emailToken, phoneToken, splitEmail, wordToken } from './order-tokens.ts';
import { searchedDigits } from './phone-digits.ts';

/** One meaning of a search: the orders that have all these tokens, and one that begins with `prefix`. */
export interface SearchAlternative {
  all: string[];
  prefix?: string;
}

/** A shorter beginning of a word would match a large part of all orders. */
const MIN_PREFIX = 3;
/** Further words could only narrow what six words have narrowed. */
const MAX_WORDS = 6;

/** An order is found if it agrees with any of the alternatives. Empty for a text without letters and digits. */
export function parseSearch(text: string): SearchAlternative[] {
  if (compactText(text) === '') return [];
  const alternatives = [
    ...codeAlternatives(text),
    ...searchedDigits(text).map((digits) => ({ all: [phoneToken(digits)] })),
    ...(text.includes('@') ? emailAlternatives(text) : wordAlternatives(compactChunks(text))),
    // A tracking number or SKU that is typed with blanks.
    { all: [wordToken(compactText(text))] },
  ];
  const distinct = new Map(alternatives.map((alternative) => [JSON.stringify(alternative), alternative]));
  return [...distinct.values()];
}

/** `#ABCD-2345`, `abcd 2345`, the beginning of a code, and the payment reference `ord-ABCD2345-1`. */
function codeAlternatives(text: string): SearchAlternative[] {
  const ofReference = /^\s*ord-([0-9a-z]+)-\d+\s*$/i.exec(text)?.[1];
  const code = compactText(ofReference ?? text);
  const fits = /^[0-9a-z]+$/.test(code) && code.length >= CODE_BEGINNING.least && code.length <= CODE_BEGINNING.most;
  return fits ? [{ all: [codeToken(code)] }] : [];
}

/** The whole address, its beginning, and a piece of it on each side of the @. */
function emailAlternatives(text: string): SearchAlternative[] {
  const email = foldText(text).replace(/\s/g, '');
  const [local, domain] = splitEmail(email).map(compactText);
  const sides = [local, domain]
    .filter((side) => side !== undefined && side !== '')
    .map((side) => wordToken(side ?? ''));
  return [
    { all: [emailToken(email)] },
    ...(email.length >= MIN_PREFIX && local !== '' ? [{ all: [], prefix: emailToken(email) }] : []),
    ...conjunction(sides, domain ?? ''),
  ];
}

/** Each word is a whole token; the last one may be the beginning of one. */
function wordAlternatives(chunks: readonly string[]): SearchAlternative[] {
  const words = chunks.slice(0, MAX_WORDS);
  return conjunction(words.map(wordToken), words.at(-1) ?? '');
}

/** All tokens, and all but the last with the last as a prefix if its text is long enough. */
function conjunction(tokens: string[], last: string): SearchAlternative[] {
  const prefix = tokens.at(-1);
  if (prefix === undefined) return [];
  const beginning = last.length >= MIN_PREFIX ? [{ all: tokens.slice(0, -1), prefix }] : [];
  return [{ all: tokens }, ...beginning];
}
