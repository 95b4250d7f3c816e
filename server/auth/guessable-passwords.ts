/**
 * Refuses passwords that are guessed first: the 49,000 most common ones and variants of them, rows of keys, and repeats.
 * Those made of the person's own name or address are refused as well. The list and the estimate are zxcvbn-ts's. Source:
 * ASVS 5.0, 6.2.4 and 6.2.11.
 */
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';
import { invalidInput } from '../../models/errors.ts';
import { foldText } from '../../models/search/fold-text.ts';

/** Of at most 4; a lower score means less than a million guesses. */
const LEAST_SCORE = 2;
/** The first of them: the estimate's time grows with the length, and more could not be guessed early. */
const EXAMINED_CHARACTERS = 32;
/** Ways to read `p4$$` and the like. The library's 100 may take a third of a second. */
const MAX_SUBSTITUTIONS = 16;
/** Digits and signs around a word. */
const MAX_ADDED = 6;
/** Guessed early by people who know where the shop's customers live. */
const NEARBY_WORDS = 'nigeria naija lagos abuja kano ibadan enugu ghana accra kenya nairobi paystack'.split(' ');

interface Person {
  email: string;
  name: string;
  shopName: string;
}

let estimator: ZxcvbnFactory | undefined;

/** Throws INVALID_INPUT at `password`, with the reason. */
export function assertHardToGuess(password: string, { email, name, shopName }: Person): void {
  // Made at the first password, because it takes 30 ms and 10 MB, and workers need none.
  estimator ??= new ZxcvbnFactory({
    dictionary: { ...dictionary, nearby: NEARBY_WORDS },
    graphs: adjacencyGraphs,
    l33tMaxSubstitutions: MAX_SUBSTITUTIONS,
  });
  const normal = password.normalize('NFKC').slice(0, EXAMINED_CHARACTERS);
  const own = wordsOf(email, email.split('@')[0] ?? '', name, shopName);
  const { score, feedback } = estimator.check(normal, own);
  if (score < LEAST_SCORE) throw guessable(reasonOf(feedback.warning));
  for (const word of wordInIt(normal)) {
    const inside = estimator.check(word, own);
    const isListed = inside.sequence.every(({ pattern }) => pattern === 'dictionary');
    if (isListed && inside.score < LEAST_SCORE) throw guessable(reasonOf(inside.feedback.warning));
  }
  const rows = [0, 1].map((rest) => [...normal].filter((_, index) => index % 2 === rest).join(''));
  // Two rows in turn, such as `a1b2c3d4e5`.
  if (rows.every((row) => row.length > 3 && estimator?.check(row).score === 0)) throw guessable(reasonOf('sequences'));
}

function guessable(reason: string) {
  return invalidInput('password', `${reason}; choose one that is harder to guess`);
}

/** The letters of `Chelsea2024!`: a capital, a year and a sign are what people add to a common word, and are tried first. */
function wordInIt(password: string): string[] {
  const [, before = '', word = '', after = ''] = /^([^\p{L}]*)(\p{L}{4,})([^\p{L}]*)$/u.exec(password) ?? [];
  if (word === '' || before.length + after.length > MAX_ADDED) return [];
  return [...new Set([word.toLowerCase(), foldText(word)])];
}

function reasonOf(warning: string | null | undefined): string {
  switch (warning) {
    case 'simpleRepeat':
    case 'extendedRepeat':
      return 'it repeats itself';
    case 'sequences':
    case 'straightRow':
    case 'keyPattern':
      return 'it is a row of neighbouring keys, letters or digits';
    case 'userInputs':
      return 'it is made of your name, your email address or the name of the shop';
    default:
      return 'it is one of the most common passwords, or nearly one';
  }
}

/** Each text, without its separators too, and its words. */
function wordsOf(...texts: string[]): string[] {
  const words = texts.flatMap((text) => [text, text.replace(/[^\p{L}\p{N}]/gu, ''), ...text.split(/[^\p{L}\p{N}]+/u)]);
  // People type the marks of Yorùbá and Igbo, or leave them out.
  return [...new Set(words.flatMap((word) => [word.toLowerCase(), foldText(word)]))].filter((word) => word.length > 2);
}
