import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { digitsOf, numbersIn, plainNumber } from '../address/phone.ts';

/** The last digits of a number that people remember, and a national number without its country. */
export const PHONE_ENDING = { least: 4, most: 10 } as const;

/** The numbers of a phone field as digits, in E.164 where possible, else as typed without leading zeros. */
export function phoneDigits(phone: string, country: string): string[] {
  const numbers = numbersIn(phone, country).map(({ typed, e164 }) =>
    e164 === null ? digitsOf(typed).replace(/^0+/, '') : digitsOf(e164),
  );
  return [...new Set(numbers)].filter((digits) => digits.length >= PHONE_ENDING.least);
}

/** The endings of a number, from the shortest. */
export function phoneEndings(digits: string): string[] {
  const most = Math.min(PHONE_ENDING.most, digits.length);
  return Array.from({ length: Math.max(0, most - PHONE_ENDING.least + 1) }, (_, index) =>
    digits.slice(-(PHONE_ENDING.least + index)),
  );
}

/**
 * The digits by which a searched number may be stored: with its country, as typed, and by its national ending. Empty for
 * a text that is no phone number.
 */
export function searchedDigits(text: string): string[] {
  // An extension is not part of the number.
  const typed = plainNumber(text).replace(/\s*(?:ext\.?|extension|x)\s*\d{1,6}$/i, '');
  if (!/^[+(]?[\d\s().+-]+$/.test(typed)) return [];
  const digits = digitsOf(typed).replace(/^0+/, '');
  if (digits.length < PHONE_ENDING.least) return [];
  const international = parsePhoneNumberFromString(typed.replace(/^\(?00/, '+'));
  const meant = international ? [digitsOf(international.number), digits] : [digits];
  return [...new Set(meant.flatMap((number) => [number, number.slice(-PHONE_ENDING.most)]))];
}
