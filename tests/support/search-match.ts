import type { SearchAlternative } from '../../models/search/parse-search.ts';

/** Whether the server would find an order with these tokens: it has all tokens of an alternative, and the beginning. */
export function isFound(tokens: readonly string[], alternatives: readonly SearchAlternative[]): boolean {
  return alternatives.some(
    ({ all, prefix }) =>
      all.every((token) => tokens.includes(token)) &&
      (prefix === undefined || tokens.some((token) => token.startsWith(prefix))),
  );
}
