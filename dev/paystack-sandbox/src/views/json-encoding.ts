/**
 * Four encodings of one JSON value. Paystack's bodies come from several languages, so `1000.0`, `\/`, `\u00e9` and blanks
 * all occur. A receiver that hashes a re-serialised body fails on three of the four.
 */
import type { Json } from '../ledger/records.ts';
import type { Switches } from '../switches.ts';

interface Style {
  text: (value: string) => string;
  number: (value: number) => string;
  comma: string;
  colon: string;
}

const plainText = (value: string): string => JSON.stringify(value);

const styles: Record<Switches['webhookEncoding'], Style> = {
  plain: { text: plainText, number: String, comma: ',', colon: ':' },
  spaced: { text: plainText, number: String, comma: ', ', colon: ': ' },
  escaped: {
    text: (value) =>
      plainText(value)
        .replaceAll('/', '\\/')
        .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
    number: String,
    comma: ',',
    colon: ':',
  },
  float: {
    text: plainText,
    number: (value) => (Number.isSafeInteger(value) ? `${value}.0` : String(value)),
    comma: ',',
    colon: ':',
  },
};

function write(value: Json, style: Style): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return style.number(value);
  if (typeof value === 'string') return style.text(value);
  if (Array.isArray(value)) return `[${value.map((item) => write(item, style)).join(style.comma)}]`;
  const members = Object.entries(value).map(
    ([key, member]) => `${style.text(key)}${style.colon}${write(member, style)}`,
  );
  return `{${members.join(style.comma)}}`;
}

/** UTF-8. Every encoding parses to the same value. */
export function encode(value: Json, encoding: Switches['webhookEncoding']): Buffer {
  return Buffer.from(write(value, styles[encoding]), 'utf8');
}
