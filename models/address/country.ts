import countries from 'i18n-iso-countries/index.js';

const names = new Intl.DisplayNames('en', { type: 'region' });

/** The English name of an ISO 3166-1 alpha-2 code; the code itself if nothing has it. */
export function countryName(code: string): string {
  return isCountry(code) ? (names.of(code) ?? code) : code;
}

/** True for an ISO 3166-1 alpha-2 code in capital letters. */
export function isCountry(code: string): boolean {
  return /^[A-Z]{2}$/.test(code) && countries.isValid(code);
}

/** Codes that people take for a country's, with the right ones. */
const MISTAKEN: Readonly<Record<string, string>> = { UK: 'GB', EN: 'GB', EL: 'GR', SU: 'RU', TP: 'TL', ZR: 'CD' };

/** The code that a text of another form means: full-width letters, three letters or an English name. */
function meantBy(text: string): string | undefined {
  const code = text.normalize('NFKC').toUpperCase();
  if (isCountry(code)) return code;
  const byName = () => Object.keys(countries.getAlpha2Codes()).find((one) => countryName(one).toUpperCase() === code);
  return MISTAKEN[code] ?? countries.alpha3ToAlpha2(code) ?? byName();
}

/** The fault of a code that is no country's, as a sentence that follows the field's name. */
export function countryProblem(code: string): string {
  const meant = meantBy(code);
  const hint = meant === undefined ? 'like NG' : `and ${countryName(meant)} has ${meant}`;
  return `must be a country's code of two letters, ${hint}; “${code}” is none`;
}
