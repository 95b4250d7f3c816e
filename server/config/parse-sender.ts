/** A name in quotes, in which a backslash stands before a quote or a backslash, as RFC 5322 writes it. */
const QUOTED = /^"((?:[^"\\\p{Cc}]|\\["\\])*)"\s*<([^<>\s@"]+@[^<>\s@"]+)>$/u;
const PLAIN = /^([^<>"\p{Cc}]*)<([^<>\s@"]+@[^<>\s@"]+)>$/u;
const ADDRESS = /^[^<>\s@"]+@[^<>\s@"]+$/;
const MAX_NAME = 100;

export interface Sender {
  email: string;
  /** null when none is given. */
  name: string | null;
}

/**
 * `Shop <orders@shop.example>`, `"Ada, Sons" <orders@shop.example>` or the bare address; null for anything else. Quotes
 * around the whole text are left out too: files of variables that are not read by a shell keep them.
 */
export function parseSender(text: string): Sender | null {
  const value = withoutOuterQuotes(text.trim());
  if (ADDRESS.test(value)) return { email: value, name: null };
  const quoted = QUOTED.exec(value);
  const [, name = '', email] = quoted ?? PLAIN.exec(value) ?? [];
  if (email === undefined) return null;
  const shown = (quoted === null ? name : name.replace(/\\(["\\])/g, '$1')).trim();
  if (shown.length > MAX_NAME) return null;
  return { email, name: shown === '' ? null : shown };
}

function withoutOuterQuotes(text: string): string {
  const [, inner] = /^(?:"([^"]*)"|'([^']*)')$/.exec(text)?.filter((part) => part !== undefined) ?? [];
  return inner === undefined ? text : inner.trim();
}
