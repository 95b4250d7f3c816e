import { EMAIL_ADDRESS, toEmailAddress } from '../../models/contract/typed/email-address.ts';
import { toLine } from '../../models/contract/typed/visible-text.ts';

/** A name in quotes, in which a backslash stands before a quote or a backslash, as RFC 5322 writes it. */
const QUOTED = /^"((?:[^"\\\p{Cc}]|\\["\\])*)"\s*<([^<>\s@"]+@[^<>\s@"]+)>$/u;
const PLAIN = /^([^<>"\p{Cc}]*)<([^<>\s@"]+@[^<>\s@"]+)>$/u;
/** Single quotes mean the same to people, and nothing to RFC 5322. */
const SINGLE_QUOTED = /^'(.*)'$/;
const MAX_NAME = 100;

export interface Sender {
  email: string;
  /** null when none is given. */
  name: string | null;
}

/**
 * A name and an address; a domain in any script becomes the one of the DNS. `Shop <orders@shop.example>`, `"Ada, Sons" <orders@shop.example>` or the bare address; null for anything else. Quotes
 * around the whole text are left out too: files of variables that are not read by a shell keep them.
 */
export function parseSender(text: string): Sender | null {
  const value = withoutOuterQuotes(text.trim());
  const bare = toEmailAddress(value);
  if (EMAIL_ADDRESS.test(bare)) return { email: bare, name: null };
  const quoted = QUOTED.exec(value);
  const [, name = '', address = ''] = quoted ?? PLAIN.exec(value) ?? [];
  const email = toEmailAddress(address);
  if (!EMAIL_ADDRESS.test(email)) return null;
  const shown = toLine(quoted === null ? name.trim().replace(SINGLE_QUOTED, '$1') : name.replace(/\\(["\\])/g, '$1'));
  if (shown.length > MAX_NAME) return null;
  return { email, name: shown === '' ? null : shown };
}

function withoutOuterQuotes(text: string): string {
  const [, inner] = /^(?:"([^"]*)"|'([^']*)')$/.exec(text)?.filter((part) => part !== undefined) ?? [];
  return inner === undefined ? text : inner.trim();
}
