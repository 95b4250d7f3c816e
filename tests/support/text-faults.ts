/** The rules of texts for people: no numbers of subunits, no ids, words of code, instants or holes. */

/** An amount in subunits whose digits occur in no other value; written with its currency it is ₦123,456.78. */
export const CANARY_AMOUNT = 12_345_678;

interface TextRule {
  name: string;
  pattern: RegExp;
}

const RULES: readonly TextRule[] = [
  { name: 'a number of subunits', pattern: new RegExp(String.raw`subunit|(?<![\d.,])${CANARY_AMOUNT}(?![\d.])`, 'i') },
  { name: 'an amount without its currency', pattern: /(?<![₦$\d.,]|GH₵|R\s?|KSh\s?|CFA\s?)123,?456\.78(?! [A-Z]{3})/ },
  { name: 'an id', pattern: /\b[0-9a-f]{24}\b/i },
  { name: 'a word of code', pattern: /\b[a-z]+(?:_[a-z]+)+\b|\b(?!(?:txRef)\b)[a-z]+[A-Z][A-Za-z]*\b/ },
  { name: 'a raw instant', pattern: /\d{4}-\d\d-\d\dT\d\d:\d\d/ },
  { name: 'a hole', pattern: /\b(?:undefined|null|NaN)\b|\[object|Invalid Date|\$\{/ },
];

/** The faults of a text, each with the part of the text; empty for a good one. Addresses of links are not read. */
export function textFaults(text: string): string[] {
  const read = text.replaceAll(/https?:\/\/[^\s"<]+/g, '');
  return RULES.flatMap(({ name, pattern }) => {
    const found = pattern.exec(read);
    return found === null
      ? []
      : [`${name}: “${found[0]}” in “${read.slice(Math.max(0, found.index - 60), found.index + 60)}”`];
  });
}
