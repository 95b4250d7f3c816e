/** Phone numbers as people write them, read by the numbering plan of the address's country. */
import {
  type CountryCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
  validatePhoneNumberLength,
} from 'libphonenumber-js/min';
import { countryName } from './country.ts';

/** A field may hold several numbers; a second + begins another one. */
const SEPARATORS = /[/,;|&]|(?<=[\d\s])(?=\+)|\b(?:or|and|ou|et)\b/i;
/** Digits with what stands between them, so that remarks beside a number are left out. */
const RUNS_OF_DIGITS = /[+(\d][\d\s().+-]*/g;

/** The digits of a text in any script. */
export const digitsOf = (text: string): string => text.normalize('NFKC').replace(/\D/g, '');

/** Signs between groups of digits, like `0803·123·4567`, without those that may also stand between two numbers. */
const BETWEEN_GROUPS = /(?<=\d)\s*[^\p{L}\p{M}\p{N}\s+().,/;|&:#-]+\s*(?=\d)/gu;
/** A second plus, behind the country's code: `+234+8031234567`. */
const SECOND_PLUS = /^(\+\d{1,3})\s*\+\s*(?=\d)/;

/** Pasted numbers carry invisible characters, full-width digits, hyphens and signs between groups of many kinds. */
export function plainNumber(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\p{Pd}/gu, '-')
    .replace(BETWEEN_GROUPS, ' ')
    .trim()
    .replace(SECOND_PLUS, '$1 ');
}

export interface TypedNumber {
  typed: string;
  /** null where no number is possible. */
  e164: string | null;
}

/** `text` as one number, or else each number in it. At least one element. `country` is an ISO code. */
export function numbersIn(text: string, country: string): TypedNumber[] {
  const read = (typed: string): TypedNumber => ({ typed, e164: readNumber(typed, country)?.e164 ?? null });
  const plain = plainNumber(text);
  const parts = plain.split(SEPARATORS);
  const [first = ''] = parts;
  // `08031234567/8` is a number and the end of another one, `089/1234567` is one number.
  if (parts.length > 1 && readNumber(first, country)?.isValid) return parts.map(read);
  const whole = [plain, plain.replace(/,/g, ' ')].map(read);
  const [one] = parts.some((part) => readNumber(part, country) !== null)
    ? whole.slice(0, 1).filter(({ e164 }) => e164 !== null)
    : whole.filter(({ e164 }) => e164 !== null);
  if (one !== undefined) return [{ ...one, typed: text }];
  return parts.flatMap((part) => {
    const whole = read(part);
    if (whole.e164 !== null) return [whole];
    const within = numbersAmong(part, country, /\s+/);
    // `08031234567-08051234567`, where a hyphen stands between two numbers.
    const found = within.length > 0 ? within : numbersAmong(part, country, /[\s.-]+/);
    return found.length === 0 ? [whole] : found.map(read);
  });
}

/** The numbers of a text that are set apart by words, or by what is between groups of digits. */
function numbersAmong(text: string, country: string, between: RegExp): string[] {
  return (text.match(RUNS_OF_DIGITS) ?? []).flatMap((run) => {
    const found: string[] = [];
    let groups = run.trim().split(between);
    while (groups.length > 0) {
      const starts = groups.map((_, index) => groups.slice(0, index + 1).join(' '));
      const number = starts.find((start) => readNumber(start, country)?.isValid) ?? null;
      const used = number ?? starts.findLast((start) => readNumber(start, country) !== null) ?? null;
      if (used !== null) found.push(used);
      groups = groups.slice(used === null ? 1 : used.split(' ').length);
    }
    return found;
  });
}

interface ReadNumber {
  e164: string;
  /** It is in the numbering plan, as far as that is known; other possible numbers are taken as well. */
  isValid: boolean;
}

/** null for a text that is not one possible number. */
function readNumber(typed: string, country: string): ReadNumber | null {
  // 00 is dialled before a country's code nearly everywhere, and no number of a country begins with it.
  const international = typed.replace(/^([^\d+]*)00(?=\d)/, '$1+');
  const writings = [...new Set([typed, international])].flatMap((writing) => {
    const number = parsePhoneNumberFromString(writing, toCountryCode(country));
    return number?.isPossible() ? [number] : [];
  });
  const valid = writings.find((number) => number.isValid());
  if (valid) return { e164: valid.number, isValid: true };
  const possible = writings.at(-1);
  const e164 = possible ? withoutTrunkZero(possible) : null;
  return e164 === null ? null : { e164, isValid: false };
}

/** The zero before a national number is not part of it; without it the number may be too short. */
function withoutTrunkZero({ number, nationalNumber, countryCallingCode }: PhoneNumber): string | null {
  if (!nationalNumber.startsWith('0')) return number;
  const shorter = parsePhoneNumberFromString(`+${countryCallingCode}${nationalNumber.slice(1)}`);
  return shorter?.isPossible() ? shorter.number : null;
}

export type ReadPhone = { phoneE164: string } | { problem: string };

/** The first possible number in the text, or what is wrong with it. `country` is an ISO code. */
export function readPhone(text: string, country: string): ReadPhone {
  const first = numbersIn(text, country).find(({ e164 }) => e164 !== null)?.e164;
  return first ? { phoneE164: first } : { problem: problemOf(plainNumber(text), country) };
}

/** As a sentence that follows the field's name. */
function problemOf(typed: string, country: string): string {
  const code = toCountryCode(country);
  const digits = digitsOf(typed);
  const isInternational = /^[^\d]*(?:\+|00)/.test(typed);
  if (digits === '') return `must be a phone number; “${typed}” has no digits`;
  if (/\d[\s.-]*\p{L}{3}|\p{L}\d|\d\p{L}\d/u.test(typed))
    return `must be a phone number in digits; “${typed}” has letters in it`;
  if (code === undefined && !isInternational)
    return `must begin with + and the country’s code, like +234, for an address in ${countryName(country)}`;
  const where = code === undefined || isInternational ? '' : ` in ${countryName(country)}`;
  const many = `${digits.length} ${digits.length === 1 ? 'digit' : 'digits'}`;
  const dialled = typed.replace(/[^\d+]/g, '');
  switch (validatePhoneNumberLength(dialled, code) ?? validatePhoneNumberLength(dialled.replace(/^0/, ''), code)) {
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
