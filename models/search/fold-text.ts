/** One writing for all writings of a word: `Ọlá`, `OLA` and `ola` are the same to a search. */

/** Letters without a decomposition into a letter and a mark, as people type them on a plain keyboard. */
const PLAIN: Readonly<Record<string, string>> = {
  ...{ ı: 'i', ɓ: 'b', ɗ: 'd', ƙ: 'k', ƴ: 'y', ŋ: 'n', ɛ: 'e', ɔ: 'o', ǝ: 'e' },
  ...{ ß: 'ss', ø: 'o', æ: 'ae', œ: 'oe', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ħ: 'h' },
};
const PLAIN_LETTERS = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'gu');

/** Marks, invisible characters, and the letters that are typed as apostrophes: `O'Neill`, `Oʼneill`. */
const MARKS = /[\p{M}\p{Cf}\u02b9-\u02bf\u02c8\ua78b\ua78c]/gu;

/** Lower case, without marks and invisible characters. Folding twice changes nothing more. */
export function foldText(text: string): string {
  const lower = withoutMarks(withoutMarks(text).toLowerCase());
  return lower.replace(PLAIN_LETTERS, (letter) => PLAIN[letter] ?? letter);
}

/** Lower-casing may produce marks again: `İ` becomes `i` and a dot. */
function withoutMarks(text: string): string {
  return text.normalize('NFKD').replace(MARKS, '');
}

/** The letters and digits alone. */
export function compactText(text: string): string {
  return foldText(text).replace(/[^\p{L}\p{N}]/gu, '');
}

/** The parts between blanks, each compact; none is empty. */
export function compactChunks(text: string): string[] {
  return foldText(text)
    .split(/\s+/)
    .map(compactText)
    .filter((chunk) => chunk !== '');
}

/** The parts between all characters that are neither letters nor digits. */
export function piecesOf(text: string): string[] {
  return foldText(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((piece) => piece !== '');
}
