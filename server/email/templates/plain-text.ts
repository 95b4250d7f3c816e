/** Makes untrusted text safe on one line of a text or subject, or inside HTML. Both layouts pass every value through it. */
/** Control characters, line and paragraph separators, and the marks that change the writing direction. */
const BREAKING = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu;

/** The text on one line, trimmed, at most `maxLength` characters: a title must not forge a header or a line of the email. */
export function oneLine(text: string, maxLength = 200): string {
  const line = text.replace(BREAKING, ' ').replace(/ {2,}/g, ' ').trim();
  const characters = Array.from(line);
  return characters.length <= maxLength ? line : `${characters.slice(0, maxLength - 1).join('')}…`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** The text on one line, for an element's content or a quoted attribute. */
export function escapeHtml(text: string): string {
  return oneLine(text, 2_000).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** With a full stop, unless it ends in one, as many companies do. */
export function endSentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** How customers reach the shop, as one line; empty where the shop names nothing. */
export function contactLine({ email, phone }: { email?: string; phone?: string } = {}): string {
  return [email, phone].flatMap((part) => (part === undefined ? [] : oneLine(part))).join(', ');
}
