/**
 * People's text made safe to place: on one line of a plain text or a subject, or inside HTML. Nothing reaches an email
 * but through here. Called by the layouts and the wording.
 */

/** Control characters, line and paragraph separators, and the marks that turn the direction of what follows. */
const BREAKING = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu;

/** The text on one line, trimmed, at most `maxLength` characters; so no title can fake a header or a line of ours. */
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
