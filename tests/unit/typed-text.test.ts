/** Texts as people type and paste them: each writing that looks the same is stored as the same text, or named as wrong. */
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { registerInput } from '../../models/contract/accounts.ts';
import { defaulted, email, longText, optional, orderCode, reachableEmail, text } from '../../models/contract/fields.ts';
import { setShopSettingsInput } from '../../models/contract/shop/shop-settings.ts';
import { correctContactInput } from '../../models/contract/staff/corrections.ts';
import { toEmailAddress } from '../../models/contract/typed/email-address.ts';

const name = text(20);
const problemOf = (schema: z.ZodType, typed: unknown) => schema.safeParse(typed).error?.issues[0]?.message;

describe('one line of text', () => {
  test.each([
    ['bidi marks', '\u202AAda\u202C \u2066Obi\u2069\u200F\u061C', 'Ada Obi'],
    ['zero-width characters', '\uFEFFA\u200Bd\u2060a\u00AD', 'Ada'],
    ['fillers', '\u3164Ada\u115F\uFFA0\u180E', 'Ada'],
    ['tabs, line breaks and no-break spaces', '\tAda\u00A0\u2003 Obi\r\nEze\u2028', 'Ada Obi Eze'],
    ['decomposed letters', 'O\u0323\u0301ba', 'Ọ́ba'],
    ['tags without a flag', 'A\u{E0061}\u{E007F}da', 'Ada'],
    ['interlinear marks', '\uFFF9Ada\uFFFB', 'Ada'],
  ])('leaves out %s', (_, typed, stored) => {
    expect(name.parse(typed)).toBe(stored);
  });

  test.each([
    ['an astronaut', '👩🏽\u200D🚀'],
    ['a red heart', '❤\uFE0F'],
    ['a keycap', '1\uFE0F\u20E3'],
    ['the flag of Scotland', '🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}'],
    ['a Persian name', 'علی\u200Cرضا'],
    ['a Sinhala name', 'ශ්\u200Dරී'],
    ['a registered variant of a character', '葛\u{E0100}城'],
  ])('keeps what changes the look of %s', (_, typed) => {
    expect(name.parse(typed)).toBe(typed);
  });

  test.each([
    ...['', ' ', '\u0301', '\u0301\u0302 \u20DD', '\uE000', '\uFFFE', '\u{10FFFF}', '\uFFFD\uFFFD', '\u0323\uE000'],
    ...['\u200B', '\u00AD', '\u3164', '\u2800', '\u202A\u202C', '\uFE0F', '\u200D', '\t\n', '\u{E0100}'],
  ])('with nothing to see is empty: %j', (typed) => {
    expect(problemOf(name, typed)).toBe('must not be empty');
  });

  test('begins with a letter of its own, not with a mark over what stands before it', () => {
    for (const [typed, stored] of [
      ['\u0301Ada', 'Ada'],
      [' \u0301 \u0323Ọlá', 'Ọlá'],
      ['Ada \uE000', 'Ada \uE000'],
      ['\u0E40\u0E1E\u0E0A\u0E23', '\u0E40\u0E1E\u0E0A\u0E23'],
      ['🇳🇬', '🇳🇬'],
      ['!', '!'],
    ])
      expect(name.parse(typed)).toBe(stored);
  });

  test('is measured as it is stored, and holds no control characters and no half of a character', () => {
    expect(name.parse(`  ${'\u200Bx'.repeat(20)}  `)).toBe('x'.repeat(20));
    expect(problemOf(name, 'x'.repeat(21))).toBe('must be at most 20 characters');
    for (const typed of ['a\0b', '\x1B[31mred', 'a\uD800'])
      expect(problemOf(name, typed)).toMatch('control characters');
  });
});

test('text in lines keeps its line breaks and nothing invisible', () => {
  expect(longText(50).parse('\u202EOne\r\nTwo \u2028\u00A0\n\nThree\t3\u200B\n ')).toBe('One\nTwo\n\n\nThree\t3');
  expect(problemOf(longText(50), '\n\u200B \u2800')).toBe('must not be empty');
});

test('a field that may be left out may also be null, empty or blank, but no number: NaN arrives as null', () => {
  const kind = defaulted(z.enum(['one', 'two']), () => 'one' as const);
  const input = z.strictObject({ note: optional(name), count: optional(z.int()), kind });
  for (const nothing of [undefined, null, '', ' \u200B\t'])
    expect(input.safeParse({ note: nothing, kind: nothing }).data).toEqual({ kind: 'one' });
  expect(input.parse({})).toEqual({ kind: 'one' });
  expect(input.parse({ note: ' a ', count: 0, kind: 'two' })).toEqual({ note: 'a', count: 0, kind: 'two' });
  for (const wrong of [{ note: 1 }, { count: '1' }, { count: null }, { count: '' }, { kind: 'x' }, { other: null }])
    expect(input.safeParse(wrong).success).toBe(false);
});

describe('an email address', () => {
  test.each([
    ['tom&jerry@example.com', 'tom&jerry@example.com'],
    ["o'neill+shop/2@sub.example.co", "o'neill+shop/2@sub.example.co"],
    ['.ada.@example.com', '.ada.@example.com'],
    ['ada@localhost', 'ada@localhost'],
    [' \u200BAda@EXAMPLE.com\u00A0', 'ada@example.com'],
    ['ada@Bücher.example', 'ada@xn--bcher-kva.example'],
    ['ada@XN--BCHER-KVA.example', 'ada@xn--bcher-kva.example'],
    ['ada@bu\u0308cher.example', 'ada@xn--bcher-kva.example'],
    ['ada@例え。テスト', 'ada@xn--r8jz45g.xn--zckzah'],
    ['ada@example.рф', 'ada@example.xn--p1ai'],
    ['ada@shop.xn--p1ai', 'ada@shop.xn--p1ai'],
    ['ada@i❤.ws', 'ada@xn--i-7iq.ws'],
  ])('%s is kept as %s', (typed, stored) => {
    expect(email.parse(typed)).toBe(stored);
    expect(email.parse(stored)).toBe(stored);
  });

  test.each([
    ['ada', /with an @/],
    ['@example.com', /a name before the @/],
    ['ada@', /a domain like example.com/],
    ['ada@obi@example.com', /a single @/],
    ['ada obi@example.com', /without spaces/],
    ['adá@example.com', /“á” cannot stand before/],
    ['ada(home)@example.com', /“\(” cannot stand/],
    ['ada@-example.com', /“-example.com” is no domain/],
    ['ada@example..com', /is no domain/],
    ['ada@exa mple.com', /without spaces/],
    ['ada@bücher.example/path', /is no domain/],
    ['ada@bücher.example:80', /is no domain/],
    ['ada@1.bü%41.example', /is no domain/],
    [`ada@${'x'.repeat(64)}.com`, /is no domain/],
    [`${'x'.repeat(250)}@a.com`, /at most 254/],
    ['ada@example.com\0', /is no domain/],
  ])('%j is refused by what is wrong with it', (typed, problem) => {
    expect(problemOf(email, typed)).toMatch(problem);
  });

  test('that no mail can reach is refused where the shop will write to it', () => {
    expect(problemOf(reachableEmail, 'ada@localhost')).toMatch(/mail can reach; “localhost” has no dot/);
    expect(problemOf(reachableEmail, 'ada')).toMatch(/with an @/);
    for (const typed of ['ada@example.com', 'ada@例え。テスト', 'a.b@shop.xn--p1ai'])
      expect(reachableEmail.safeParse(typed).success).toBe(true);
    const fields = [registerInput.shape.email, correctContactInput.shape.email, setShopSettingsInput.shape.replyTo];
    for (const field of fields) {
      expect(field.safeParse('ada@localhost').success).toBe(false);
      expect(field.safeParse('ada@example.com').success).toBe(true);
    }
  });

  test('has one writing for the same address', () => {
    expect(toEmailAddress('ADA@Bücher.Example')).toBe(toEmailAddress('ada@xn--bcher-kva.example'));
  });
});

test('an order number may be written as people write it', () => {
  for (const typed of ['abcd-2345', '#ABCD 2345', ' ABCD\u20112345\u200B'])
    expect(orderCode.parse(typed)).toBe('ABCD2345');
  expect(problemOf(orderCode, '###')).toBe('must be an order number');
});
