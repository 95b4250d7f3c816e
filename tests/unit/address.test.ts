/** Addresses by the rules of their country: phone numbers as people write them, countries, states. */
import { describe, expect, test } from '@jest/globals';
import countries from 'i18n-iso-countries/index.js';
import { countryName, isCountry } from '../../models/address/country.ts';
import { readPhone } from '../../models/address/phone.ts';
import { readAddress } from '../../models/address/read-address.ts';
import { readState } from '../../models/address/state.ts';
import { countryCodes, needsState, statesOf } from '../../models/contract/typed/places.ts';
import { isAppError } from '../../models/errors.ts';
import { phoneDigits, searchedDigits } from '../../models/search/phone-digits.ts';

const ENTERED = {
  name: 'Ada',
  line1: '1 Marina',
  city: 'Ikeja',
  state: 'lagos',
  country: 'NG',
  phone: '0803 123 4567',
};

/** As people write them, in Nigeria, with what is dialled. */
const WRITTEN = [
  ['0803.123.4567', '+2348031234567'],
  ['08031234567/08051234567', '+2348031234567'],
  ['0803 123 4567 or 0805 123 4567', '+2348031234567'],
  ['none; 08051234567', '+2348051234567'],
  ['(+234) 803 123 4567', '+2348031234567'],
  ['+234 (0) 803 123 4567', '+2348031234567'],
  ['00234 803 123 4567', '+2348031234567'],
  ['(00234) 803 123 4567', '+2348031234567'],
  ['2348031234567', '+2348031234567'],
  ['8031234567', '+2348031234567'],
  ['0803 123 4567 ext 2', '+2348031234567'],
  ['0803 123 4567 x2', '+2348031234567'],
  ['\u202A0803\u2011123\u20134567\u202C', '+2348031234567'],
  ['0803\u00A0123\u2009456\u200B7', '+2348031234567'],
  ['٠٨٠٣١٢٣٤٥٦٧', '+2348031234567'],
  ['０８０３－１２３－４５６７', '+2348031234567'],
  ['tel:+2348031234567', '+2348031234567'],
  ['Ada: 0803 123 4567 (evenings)', '+2348031234567'],
  ['0803 123 4567 (call after 5pm)', '+2348031234567'],
  ['0803 123 4567 after 17:30', '+2348031234567'],
  ['08031234567 08051234567', '+2348031234567'],
  ['0803-123-4567 0805-123-4567', '+2348031234567'],
  ['0803 123 4567 0805 123 4567', '+2348031234567'],
  ['+2348031234567+2348051234567', '+2348031234567'],
  ['Mum 08031234567 Dad 08051234567', '+2348031234567'],
  ['08031234567/8', '+2348031234567'],
  ['0803/123/4567', '+2348031234567'],
  ['0803,123,4567', '+2348031234567'],
  ['0803_123_4567', '+2348031234567'],
  ['0803·123·4567', '+2348031234567'],
  ['0803 • 123 • 4567', '+2348031234567'],
  ["0803'123'4567", '+2348031234567'],
  ['0803*123*4567', '+2348031234567'],
  ['0803=123=4567', '+2348031234567'],
  ['+234+8031234567', '+2348031234567'],
  ['+234 + 803 123 4567', '+2348031234567'],
  ['[0803] 123 4567', '+2348031234567'],
  ['“0803 123 4567”', '+2348031234567'],
  ['08031234567-08051234567', '+2348031234567'],
  ['08031234567.08051234567', '+2348031234567'],
  ['08031234567\n08051234567', '+2348031234567'],
  ['08031234567 - 08051234567', '+2348031234567'],
  ['08031234567, +2348051234567', '+2348031234567'],
  ['0803 123 4567 #2', '+2348031234567'],
  ['📞 0803 123 4567', '+2348031234567'],
  ['0803 123 4567 👍🏾', '+2348031234567'],
  ['009 234 803 123 4567', '+2348031234567'],
  ['+1 (415) 555-2671', '+14155552671'],
  ['+44 20 7946 0958', '+442079460958'],
] as const;

describe('a phone number', () => {
  test.each(WRITTEN)('written %s is dialled', (typed, dialled) => {
    expect(readPhone(typed, 'NG')).toEqual({ phoneE164: dialled });
  });

  test.each([
    ['024 412 3456', 'GH', '+233244123456'],
    ['020 7946 0958', 'GB', '+442079460958'],
    ['(415) 555-2671', 'US', '+14155552671'],
    ['011 234 803 123 4567', 'US', '+2348031234567'],
    ['0712 345 678', 'KE', '+254712345678'],
    ['+672 1 12345', 'AQ', '+672112345'],
    ['089/12345678', 'DE', '+498912345678'],
    ['06 698 83145', 'IT', '+390669883145'],
  ])('%s in %s is of that country', (typed, country, dialled) => {
    expect(readPhone(typed, country)).toEqual({ phoneE164: dialled });
  });

  test.each([
    ['-----', 'NG', 'must be a phone number; “-----” has no digits'],
    ['(   )', 'NG', /has no digits/],
    ['call me', 'NG', /“call me” has no digits/],
    ['12345', 'NG', 'is too short for a phone number in Nigeria: it has 5 digits'],
    ['+234 803', 'NG', /^is too short for a phone number: it has 6 digits/],
    ['0803123456789012345678', 'NG', /too long for a phone number in Nigeria: it has 22 digits/],
    ['0803123456', 'NG', 'is too short for a phone number in Nigeria: it has 10 digits'],
    ['O8O31234567', 'NG', 'must be a phone number in digits; “O8O31234567” has letters in it'],
    ['0803l234567', 'NG', /in digits; “0803l234567” has letters/],
    ['1-800-FLOWERS', 'US', /in digits; “1-800-FLOWERS” has letters/],
    ['+999 123 456', 'NG', /a country’s code after the \+, like \+234; “\+999 123 456” does not/],
    ['12345678', 'AQ', /must begin with \+ and the country’s code.*Antarctica/],
  ])('%s in %s is refused by what is wrong with it', (typed, country, problem) => {
    expect(readPhone(typed, country)).toEqual({ problem: expect.stringMatching(problem) });
  });
});

test('a field with several numbers is found by each of them', () => {
  for (const [typed, ...digits] of [
    ['0803 123 4567 0805 123 4567', '2348031234567', '2348051234567'],
    ['08031234567/08051234567 (WhatsApp)', '2348031234567', '2348051234567'],
    ['08031234567 or 12', '2348031234567'],
    ['no number', ...[]],
  ])
    expect([typed, phoneDigits(typed ?? '', 'NG')]).toEqual([typed, digits]);
  for (const typed of ['08031234567 ext 2', '0803 123 4567 x2'])
    expect([typed, searchedDigits(typed)]).toEqual([typed, searchedDigits('08031234567')]);
});

describe('a country', () => {
  test('is one of ISO 3166-1, and forms offer just these', () => {
    expect([...countryCodes()].sort()).toEqual(Object.keys(countries.getAlpha2Codes()).sort());
    for (const code of countryCodes()) expect([code, countryName(code)]).not.toEqual([code, code]);
    for (const code of ['ZZ', 'UK', 'XX', 'EU', 'ng', 'N', '']) expect([code, isCountry(code)]).toEqual([code, false]);
  });

  test('that is none is refused, with the right code of one that people mistake', () => {
    const refusal = (country: string) => {
      try {
        return readAddress({ ...ENTERED, country }, 'to');
      } catch (error) {
        return isAppError(error, 'INVALID_INPUT') ? error.details : error;
      }
    };
    expect(refusal('UK')).toEqual({
      issues: [{ path: 'to.country', message: expect.stringMatching(/United Kingdom has GB; “UK” is none/) }],
    });
    for (const typed of ['NGA', 'NIGERIA', 'ＮＧ'])
      expect([typed, JSON.stringify(refusal(typed))]).toEqual([typed, expect.stringMatching(/and Nigeria has NG; “/)]);
    expect(refusal('ZZ')).toEqual({ issues: [{ path: 'to.country', message: expect.stringMatching('“ZZ” is none') }] });
  });
});

describe('a state', () => {
  test('of Nigeria is one of the 36 and the FCT, in any writing', () => {
    expect(statesOf('NG')).toHaveLength(37);
    for (const state of statesOf('NG')) expect(readState(state, 'NG')).toEqual({ state });
    for (const [typed, state] of [
      ...[
        ['Lagos State', 'Lagos'],
        ['  LAGOS', 'Lagos'],
        ['akwa-ibom', 'Akwa Ibom'],
        ['Ọ̀ṣun', 'Osun'],
        ['NG-LA', 'Lagos'],
      ],
      ...['FCT', 'F.C.T.', 'Abuja', 'FCT, Abuja', 'Federal Capital Territory'].map((one) => [
        one,
        'Federal Capital Territory',
      ]),
    ])
      expect([typed, readState(typed ?? '', 'NG')]).toEqual([typed, { state }]);
    expect(readState('Accra', 'NG')).toEqual({ problem: expect.stringMatching('36 states.*“Accra” is none of them') });
  });

  test('is needed only where the country’s addresses have one, and taken as typed elsewhere', () => {
    for (const country of ['NG', 'US', 'IN', 'BR']) expect(readState(undefined, country)).toHaveProperty('problem');
    for (const country of ['GH', 'KE', 'ZA', 'GB', 'SG', 'FR']) {
      expect([country, needsState(country), readState(undefined, country)]).toEqual([country, false, {}]);
      expect(readState('Region', country)).toEqual({ state: 'Region' });
    }
  });
});

test('a read address reads the same again, and all wrong fields are named at once', () => {
  const read = readAddress({ ...ENTERED, line2: undefined, postalCode: undefined }, 'to');
  expect(read).toEqual({ ...ENTERED, state: 'Lagos', phoneE164: '+2348031234567' });
  const { phoneE164: _, ...again } = read;
  expect(readAddress(again, 'to')).toEqual(read);
  expect(() => readAddress({ ...ENTERED, state: 'Nowhere', phone: '-' }, 'to')).toThrow(
    expect.objectContaining({
      details: {
        issues: [expect.objectContaining({ path: 'to.state' }), expect.objectContaining({ path: 'to.phone' })],
      },
    }),
  );
});
