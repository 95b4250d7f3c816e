/** Checks of a typed phone number that spare a round trip, or a call that never arrives. The server's rules decide. */

/** Fewer digits are a number nowhere. */
const LEAST_DIGITS = 4;

const digitsIn = (text: string): string => text.normalize('NFKC').replace(/\P{Nd}/gu, '');

/** A fault that is one in every country; null without one. */
export function phoneProblem(text: string): string | null {
  const { length } = digitsIn(text);
  if (length === 0) return 'Enter a phone number with digits, like 0803 123 4567.';
  if (length < LEAST_DIGITS)
    return `This is too short for a phone number: it has ${length} ${length === 1 ? 'digit' : 'digits'}.`;
  return null;
}

/** One number of a Nigerian mobile phone, whatever its length. */
const NIGERIAN_MOBILE = /^[\s(]*(?:(?:\+|00)?234[\s).-]*(?:\(?0\)?)?|0)[\s.-]*[789](?:[\s.()-]*\d)*[\s.]*$/;
/** Without the zero or the country's code before it. */
const MOBILE_DIGITS = 10;

/** A number that is taken, and that has a digit too many or too few for a mobile phone there; null for all others. */
export function phoneDoubt(text: string, country: string): string | null {
  if (country !== 'NG' || !NIGERIAN_MOBILE.test(text.normalize('NFKC'))) return null;
  const digits = digitsIn(text)
    .replace(/^(?:00)?234/, '')
    .replace(/^0/, '');
  if (digits.length === MOBILE_DIGITS) return null;
  return `Look again: with the 0 this has ${digits.length + 1} digits, and mobile numbers in Nigeria have ${MOBILE_DIGITS + 1}.`;
}
