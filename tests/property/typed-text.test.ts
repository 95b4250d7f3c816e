/** Properties of the one writing of texts, for any text that people and browsers can produce. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { text as textField } from '../../models/contract/fields.ts';
import { toEmailAddress } from '../../models/contract/typed/email-address.ts';
import { toLine, toLines } from '../../models/contract/typed/visible-text.ts';
import { randomRuns } from '../support/property-runs.ts';

const RUNS = randomRuns(150);

/** Letters, marks and pictures among the characters that are left out or folded. */
const CRAFTED = [
  ...['a', 'é', 'e\u0301', 'ọ\u0301', '1', '#', '葛', '\u0915\u093C', 'ع', '👩', '🏽', '🏴', '❤', '\u20E3', '\u0323'],
  ...['\u200B', '\u200C', '\u200D', '\u200E', '\u202A', '\u2066', '\u00AD', '\u034F', '\uFE0F', '\u{E0100}'],
  ...['\u3164', '\u2800', '\u{E0067}', '\u{E007F}', '\uFEFF', ' ', '\u00A0', '\t', '\r', '\n', '\u2028', '\u0085'],
  ...['\u0301', '\uE000', '\uFFFD', '\uFFFE'],
];
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(...CRAFTED), maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
);

test('normalising twice is normalising once, and never makes a text longer than its composed form', () => {
  fc.assert(
    fc.property(text, (typed) => {
      for (const normalise of [toLine, toLines, toEmailAddress]) {
        const once = normalise(typed);
        expect(normalise(once)).toBe(once);
        expect(once).toBe(once.normalize('NFC'));
      }
      for (const normalise of [toLine, toLines])
        expect(normalise(typed).length).toBeLessThanOrEqual(typed.normalize('NFC').length);
    }),
    RUNS,
  );
});

test('every writing of a text becomes the same line', () => {
  fc.assert(
    fc.property(text, (typed) => {
      expect(toLine(typed.normalize('NFD'))).toBe(toLine(typed));
      expect(toLine(` \u200B${toLine(typed)}\u00A0`)).toBe(toLine(typed));
    }),
    RUNS,
  );
});

test('a text that is accepted has something to see, and no direction marks, line breaks or outer blanks', () => {
  fc.assert(
    fc.property(text, (typed) => {
      const { data } = textField(100).safeParse(typed);
      if (data === undefined) return;
      expect(data.length).toBeGreaterThan(0);
      expect(data.replace(/[\p{Default_Ignorable_Code_Point}\p{M}\p{Co}\uFFFD\s]/gu, '')).not.toBe('');
      expect(data).not.toMatch(/^\p{M}/u);
      expect(data).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200E\u200F\u061C\p{Cc}\u2028\u2029]|^\s|\s$|\s\s/u);
    }),
    RUNS,
  );
});
