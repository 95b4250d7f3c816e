import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** The last digits of a number that people remember, and a national number without its country. */
export const PHONE_ENDING = { least: 4, most: 10 } as const;

const digitsOf = (text: string) => text.normalize('NFKC').replace(/\D/g, '');

/** A field may hold several numbers, and an extension after the number. */
const SEPARATORS = /[/,;|]|\bext\.?|\bor\b/i;

/**
 * The numbers of a phone field as digits, in E.164 where the number is possible in the address's country, else as typed
 * without leading zeros.
 */
export function phoneDigits(phone: string, country: string): string[] {
  const defaultCountry = country.toUpperCase();
  const numbers = phone.split(SEPARATORS).map((text) => toDigits(text, defaultCountry));
  return [...new Set(numbers)].filter((digits) => digits.length >= PHONE_ENDING.least);
}

function toDigits(text: string, country: string): string {
  const parsed = parsePhoneNumberFromString(visible(text), isCountry(country) ? country : undefined);
  return parsed?.isPossible() ? digitsOf(parsed.number) : digitsOf(text).replace(/^0+/, '');
}

/** Pasted numbers carry invisible characters, full-width digits and hyphens of many kinds. */
function visible(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\p{Pd}/gu, '-');
}

function isCountry(code: string): code is CountryCode {
  return isSupportedCountry(code);
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
  const typed = visible(text).trim();
  if (!/^[+(]?[\d\s().+-]+$/.test(typed)) return [];
  const digits = digitsOf(typed).replace(/^0+/, '');
  if (digits.length < PHONE_ENDING.least) return [];
  const international = parsePhoneNumberFromString(typed.replace(/^\(?00/, '+'));
  const meant = international ? [digitsOf(international.number), digits] : [digits];
  return [...new Set(meant.flatMap((number) => [number, number.slice(-PHONE_ENDING.most)]))];
}
