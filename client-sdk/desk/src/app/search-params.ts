/**
 * Filters in the address, as plain words and values: `?status=confirmed&tag=vip`. The router's own format puts quotes around
 * a text that looks like a number, which nobody types.
 */
export type Search = Partial<Record<string, string>>;

export function parseSearch(text: string): Search {
  return Object.fromEntries(new URLSearchParams(text));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const given = Object.entries(search).filter((entry): entry is [string, string] => isFilled(entry[1]));
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

const isFilled = (value: unknown) => typeof value === 'string' && value !== '';

/** The value of a filter without surrounding blanks, cut to what the server takes; undefined for an empty one. */
export function wordOf(value: unknown, maxLength: number): string | undefined {
  const text = typeof value === 'string' ? value.trim().slice(0, maxLength) : '';
  return text === '' ? undefined : text;
}
