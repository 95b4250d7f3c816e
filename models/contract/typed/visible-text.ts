/** The one writing of a text that people typed or pasted, without what they cannot see. Pure. */

/** Characters that take no room on the screen, and those that only change the direction of others. */
const INVISIBLE = String.raw`[\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]`;
const HAS_INVISIBLE = new RegExp(INVISIBLE, 'u');

const JOINING_SCRIPTS = [
  ...['Arabic', 'Syriac', 'Mongolian', 'Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati', 'Oriya', 'Tamil', 'Telugu'],
  ...['Kannada', 'Malayalam', 'Sinhala', 'Khmer'],
];
const JOINING_LETTER = `[${JOINING_SCRIPTS.map((script) => `\\p{Script=${script}}`).join('')}]`;
const VISIBLE_MARKS = String.raw`(?:(?!\p{Default_Ignorable_Code_Point})\p{M})*`;
const EMOJI = String.raw`\p{Extended_Pictographic}[\uFE0E\uFE0F\p{Emoji_Modifier}]?`;

/** Where invisible characters change what is seen; then, as `rest`, all others. */
const MEANT_OR_REST = new RegExp(
  [
    // The flags of England, Scotland and Wales.
    String.raw`\u{1F3F4}[\u{E0020}-\u{E007E}]{1,6}\u{E007F}`,
    String.raw`${EMOJI}(?:\u200D${EMOJI})*`,
    String.raw`[0-9#*]\uFE0F\u20E3`,
    // Variants of Chinese characters, which names are registered with.
    String.raw`\p{Script=Han}[\uFE00-\uFE02\u{E0100}-\u{E01EF}]`,
    // The spelling of Persian and of Indic languages.
    String.raw`(?<=${JOINING_LETTER}${VISIBLE_MARKS})[\u200C\u200D](?=${JOINING_LETTER})`,
    `(?<rest>${INVISIBLE})`,
  ].join('|'),
  'gu',
);

/** White space and the characters that look like it, though Unicode calls them symbols. */
const BLANK = String.raw`[\s\u0085\u2800\u{1D159}]`;
const BLANKS = new RegExp(`${BLANK}+`, 'gu');
const LINE_BREAK = /\r\n|[\r\v\f\u0085\u2028\u2029]/g;
const BLANKS_AT_LINE_ENDS = new RegExp(`${BLANK}+(?=\\n)`, 'gu');
/** A mark at the beginning would be drawn over whatever a page shows before the text. */
const BLANKS_AT_ENDS = new RegExp(`^(?:${BLANK}|\\p{M})+|${BLANK}+$`, 'gu');
/** Not blanks, marks without a letter, private characters, or what a broken encoding leaves. */
const SOMETHING_TO_SEE = new RegExp(`(?!${BLANK})[^\\p{M}\\p{Co}\\p{Noncharacter_Code_Point}\\uFFFD]`, 'u');

/** One line: no invisible characters, single spaces, composed. Normalising twice is normalising once. */
export function toLine(text: string): string {
  return orEmpty(withoutInvisible(text).replace(BLANKS, ' ').normalize('NFC').replace(BLANKS_AT_ENDS, ''));
}

/** Like `toLine`, and keeps line breaks, as `\n`, and the blanks within lines. */
export function toLines(text: string): string {
  const lines = withoutInvisible(text).replace(LINE_BREAK, '\n').normalize('NFC');
  return orEmpty(
    lines.replace(BLANKS_AT_LINE_ENDS, (blanks) => blanks.replace(/[^\n]/gu, '')).replace(BLANKS_AT_ENDS, ''),
  );
}

function orEmpty(text: string): string {
  return SOMETHING_TO_SEE.test(text) ? text : '';
}

function withoutInvisible(text: string): string {
  if (!HAS_INVISIBLE.test(text)) return text;
  return text.replace(MEANT_OR_REST, (part, rest: string | undefined) => (rest === undefined ? part : ''));
}
