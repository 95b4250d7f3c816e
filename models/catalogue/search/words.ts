/** The words by which products are found. Pure; products and searches are split by the same rules. */
import { compactText, foldText, piecesOf } from '../../search/fold-text.ts';

/** Characters of a word; longer ones are cut, in a search as well. */
const MAX_WORD = 40;
/** Words shorter than this have too many neighbours for a typing error to be recognised. */
export const LEAST_TYPO_WORD = 5;
/** A unit behind a number: `58 cm` is found by `58cm` too. */
const UNIT = /^\p{L}{1,3}$/u;
const NUMBER = /^\p{N}+$/u;

const cut = (word: string) => [...word].slice(0, MAX_WORD).join('');

/** Each word of the text once: as written, its pieces, and numbers apart from their units and with them. */
export function wordsOf(text: string): string[] {
  const pieces = chunksOf(text).flatMap(({ whole, pieces }) => [whole, ...pieces]);
  return [...new Set([...pieces, ...measuresOf(text)])];
}

export interface Chunk {
  /** Without its hyphens and apostrophes: `tshirt` of `T-shirt`. */
  whole: string;
  /** Two or more, or none where the whole is one piece. */
  pieces: string[];
}

/** The parts of a text between blanks. */
export function chunksOf(text: string): Chunk[] {
  return foldText(text)
    .split(/\s+/u)
    .map((chunk) => ({ whole: cut(compactText(chunk)), pieces: piecesOf(chunk).flatMap(splitDigits).map(cut) }))
    .filter(({ whole }) => whole !== '')
    .map(({ whole, pieces }) => ({ whole, pieces: pieces.length < 2 ? [] : pieces }));
}

/** `58cm` → `58`, `cm`. */
function splitDigits(piece: string): string[] {
  return piece.match(/\p{N}+|[^\p{N}]+/gu) ?? [];
}

/** `58 cm` → `58cm`. */
function measuresOf(text: string): string[] {
  const pieces = piecesOf(text).flatMap(splitDigits);
  return pieces.flatMap((piece, index) => {
    const unit = pieces[index + 1] ?? '';
    return NUMBER.test(piece) && UNIT.test(unit) ? [cut(piece + unit)] : [];
  });
}

/** Numbers match whole: a size of 4 is no beginning of 42. */
export function isNumber(word: string): boolean {
  return NUMBER.test(word);
}

/** The forms that a word in the plural may have in the singular, in English and French. */
export function singularsOf(word: string): string[] {
  if (word.length < 4 || !/[sx]$/.test(word)) return [];
  return [
    word.slice(0, -1),
    ...(word.endsWith('es') ? [word.slice(0, -2)] : []),
    ...(word.endsWith('ies') ? [`${word.slice(0, -3)}y`] : []),
    ...(word.endsWith('ves') ? [`${word.slice(0, -3)}f`, `${word.slice(0, -3)}fe`] : []),
    ...(word.endsWith('aux') ? [`${word.slice(0, -3)}al`] : []),
  ];
}

/** The word without one of its letters, each once. Words with a typing error between them share one, or are one. */
export function shortenedForms(word: string): string[] {
  const letters = [...word];
  return [...new Set(letters.map((_, index) => letters.toSpliced(index, 1).join('')))];
}

/** True when one letter is missing, too many, wrong, or two neighbours are swapped. */
export function isOneTypoApart(one: string, other: string): boolean {
  const [a, b] = [[...one], [...other]];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  const same = (left: string[], right: string[]) => left.join('') === right.join('');
  const isSwapped =
    restA.length > 1 && restA[0] === restB[1] && restA[1] === restB[0] && same(restA.slice(2), restB.slice(2));
  return (
    isSwapped || same(restA.slice(1), restB.slice(1)) || same(restA.slice(1), restB) || same(restA, restB.slice(1))
  );
}

/** One key for all writings of a category: `Home & Living`, `home & living`. */
export function categoryKeyOf(category: string): string {
  return compactText(category) || foldText(category).trim();
}
