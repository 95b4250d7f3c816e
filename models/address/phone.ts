/** Phone numbers as people write them, read by the numbering plan of the address's country. */
import {
  type CountryCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
  validatePhoneNumberLength,
} from 'libphonenumber-js/min';
import { countryName } from './country.ts';

/** A field may hold several numbers. */
const SEPARATORS = /[/,;|&]|\b(?:or|and|ou|et)\b/i;

/** The digits of a text in any script. */
export const digitsOf = (text: string): string => text.normalize('NFKC').replace(/\D/g, '');

/** Pasted numbers carry invisible characters, full-width digits and hyphens of many kinds. */
export function plainNumber(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\p{Pd}/gu, '-')
    .trim();
}

/** `text` as it stands, or else each part of a list of numbers, with the number in it; null where none is possible. */
export function numbersIn(text: string, country: string): { typed: string; number: PhoneNumber | null }[] {
  const whole = possibleNumber(text, country);
  if (whole !== null) return [{ typed: text, number: whole }];
  return text.split(SEPARATORS).map((typed) => ({ typed, number: possibleNumber(typed, country) }));
}

function possibleNumber(text: string, country: string): PhoneNumber | null {
  const typed = plainNumber(text);
  // 00 is dialled before a country's code nearly everywhere, and no number of a country begins with it.
  const international = typed.replace(/^([^\d+]*)00(?=\d)/, '$1+');
  const number = parsePhoneNumberFromString(international, toCountryCode(country));
  return number?.isPossible() ? number : null;
}

export type ReadPhone = { phoneE164: string } | { problem: string };

/** The first possible number in the text, or what is wrong with it. `country` is an ISO code. */
export function readPhone(text: string, country: string): ReadPhone {
  const first = numbersIn(text, country).find(({ number }) => number !== null)?.number;
  return first ? { phoneE164: first.number } : { problem: problemOf(plainNumber(text), country) };
}

/** As a sentence that follows the field's name. */
function problemOf(typed: string, country: string): string {
  const code = toCountryCode(country);
  const digits = digitsOf(typed);
  const isInternational = /^[^\d]*(?:\+|00)/.test(typed);
  if (digits === '') return `must be a phone number; “${typed}” has no digits`;
  if (code === undefined && !isInternational)
    return `must begin with + and the country’s code, like +234, for an address in ${countryName(country)}`;
  const where = code === undefined || isInternational ? '' : ` in ${countryName(country)}`;
  const many = `${digits.length} ${digits.length === 1 ? 'digit' : 'digits'}`;
  switch (validatePhoneNumberLength(typed.replace(/[^\d+]/g, ''), code)) {
    case 'TOO_SHORT':
      return `is too short for a phone number${where}: it has ${many}`;
    case 'TOO_LONG':
      return `is too long for a phone number${where}: it has ${many}`;
    case 'INVALID_COUNTRY':
      return `must begin with a country’s code after the +, like +234; “${typed}” does not`;
    default:
      return `must be a phone number${where}, like 0803 123 4567 or +234 803 123 4567; “${typed}” is none`;
  }
}

function toCountryCode(country: string): CountryCode | undefined {
  const code = country.toUpperCase();
  return isSupportedCountry(code) ? code : undefined;
}
