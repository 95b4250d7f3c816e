import { distance } from 'fastest-levenshtein';

/**
 * A sentence for each name among `given` that is none of `known` and resembles one of them. A misspelt variable is otherwise
 * ignored in silence, and its default holds.
 */
export function describeMisspelt(given: readonly string[], known: readonly string[]): string[] {
  return given
    .filter((name) => !known.includes(name))
    .flatMap((name) => {
      const meant = findMeant(name, known);
      return meant === null
        ? []
        : [`${name} is set, and it is no variable of this program, which ignores it. Is ${meant} meant?`];
    });
}

/** The closest of the names that `name` resembles; null when it resembles none. */
export function findMeant(name: string, known: readonly string[]): string | null {
  const similar = known.filter((candidate) => resembles(name, candidate));
  return similar.sort((a, b) => distance(name, a) - distance(name, b))[0] ?? null;
}

/** By its letters, or word by word, so that both CALL_PER_MINUTES and SENDGRID_KEY are seen. */
function resembles(name: string, known: string): boolean {
  const [letters, knownLetters] = [lettersOf(name), lettersOf(known)];
  const longest = Math.max(letters.length, knownLetters.length);
  // Of short names, such as HOST, the neighbours are words of others.
  const allowed = longest < 5 ? 0 : Math.floor(longest / 4);
  if (distance(letters, knownLetters) <= allowed) return true;
  const [words, knownWords] = [wordsOf(name), wordsOf(known)];
  if (words.length < 2 || knownWords.length < 2) return false;
  return words.length > knownWords.length
    ? knownWords.every((word, index) => words[index] === word)
    : areWordsOf(words, knownWords);
}

const lettersOf = (name: string) => name.toUpperCase().replace(/[^A-Z0-9]/g, '');
const wordsOf = (name: string) => name.toUpperCase().split(/[^A-Z0-9]+/);

/** True when each word is a word of the other name, or its beginning, or has one letter different, in the same order. */
function areWordsOf(words: readonly string[], others: readonly string[]): boolean {
  let from = 0;
  return words.every((word) => {
    const index = others.findIndex((other, place) => place >= from && isWord(word, other));
    from = index + 1;
    return index >= 0;
  });
}

function isWord(word: string, other: string): boolean {
  return word.length >= 3 && (other.startsWith(word) || distance(word, other) <= 1);
}
