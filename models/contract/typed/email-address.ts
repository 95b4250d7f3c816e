/** Email addresses as browsers take them in `<input type=email>`, and with domains in any script. Pure. */
import { toLine } from './visible-text.ts';

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
/** The HTML standard's "valid email address", in lower case. Source: html.spec.whatwg.org/multipage/input.html. */
export const EMAIL_ADDRESS = new RegExp(`^[a-z0-9.!#$%&'*+/=?^_\`{|}~-]+@${LABEL}(?:\\.${LABEL})*$`);

const DOMAIN_IN_ANY_SCRIPT = /^[\p{L}\p{M}\p{N}\p{Extended_Pictographic}.\-\p{Join_Control}\u3002\uFF0E\uFF61]+$/u;
const ASCII = /^[\0-\x7F]*$/;

/** Trimmed, lower case, the domain as the DNS writes it: `Ada@Bücher.example` and its punycode are one address. */
export function toEmailAddress(text: string): string {
  const typed = toLine(text).toLowerCase();
  const at = typed.lastIndexOf('@');
  const domain = typed.slice(at + 1);
  return at === -1 || ASCII.test(domain) ? typed : `${typed.slice(0, at)}@${toAsciiDomain(domain)}`;
}

/** By the platform's own IDNA mapping; unchanged where that refuses it. */
function toAsciiDomain(domain: string): string {
  const address = `http://${domain}`;
  return DOMAIN_IN_ANY_SCRIPT.test(domain) && URL.canParse(address) ? new URL(address).hostname : domain;
}

/** False for a name like `localhost`, which the HTML standard allows and no mail reaches from outside. */
export function hasPublicDomain(email: string): boolean {
  return /\.[^@]*$/.test(email.slice(email.lastIndexOf('@')));
}

/** The fault of an address without a public domain, as a sentence that follows the field's name. */
export function unreachableProblem(email: string): string {
  const [, domain = ''] = email.split('@');
  return `must be an email address that mail can reach; “${domain.slice(0, 63)}” has no dot in it`;
}

/** The fault of a text that is no email address, as a sentence that follows the field's name. */
export function emailProblem(email: string): string {
  const [local, ...domains] = email.split('@');
  const [domain] = domains;
  if (domain === undefined) return 'must be an email address, with an @ in it';
  if (domains.length > 1) return 'must be one email address, with a single @';
  if (local === '') return 'must be an email address, with a name before the @';
  if (domain === '') return 'must be an email address, with a domain like example.com after the @';
  if (/\s/u.test(email)) return 'must be an email address, without spaces';
  const strange = /[^a-z0-9.!#$%&'*+/=?^_`{|}~-]/u.exec(local ?? '')?.[0];
  if (strange !== undefined) return `must be an email address; “${strange}” cannot stand before its @`;
  return `must be an email address; “${domain.slice(0, 63)}” is no domain`;
}
