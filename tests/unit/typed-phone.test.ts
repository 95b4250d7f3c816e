/** The checks of a phone number in the page: they refuse what the server refuses everywhere, and only doubt the rest. */
import { expect, test } from '@jest/globals';
import { phoneDoubt, phoneProblem } from '../../client-sdk/parts/data/phone.ts';
import { countryCodes } from '../../client-sdk/src/index.ts';
import { readPhone } from '../../models/address/phone.ts';

test.each(['12', '123', '-----', '(   )', '+', 'no phone', '１２'])(
  '%s is refused by page and server, in every country',
  (text) => {
    expect(phoneProblem(text)).toEqual(expect.stringMatching(/digit/));
    for (const country of countryCodes()) expect(readPhone(text, country)).toHaveProperty('problem');
  },
);

test.each(['0803 123 4567', '+234 803 123 4567', '0803.123.4567 / 0805 123 4567', '４００１', '٠٨٠٣١٢٣٤٥٦٧'])(
  '%s is left to the server',
  (text) => expect(phoneProblem(text)).toBeNull(),
);

test.each([
  ['0803123456', 10],
  ['080312345678', 12],
  ['+234 (0) 803 123 456', 10],
  ['00234803-123-45678', 12],
])('%s has a digit too many or too few for a mobile phone in Nigeria', (text, digits) => {
  expect(phoneDoubt(text, 'NG')).toContain(`has ${digits} digits, and mobile numbers in Nigeria have 11`);
  expect(phoneDoubt(text, 'GH')).toBeNull();
  // More digits are taken all the same: a plan of numbers may grow.
  if (digits > 11) expect(readPhone(text, 'NG')).toHaveProperty('phoneE164');
});

test.each([
  '0803 123 4567',
  '+2348031234567',
  '+234 (0)803 123 4567',
  '01 280 3070',
  '0803 123 4567 / 0805 123 4567',
  '+44 20 7946 0958',
])('%s is not doubted', (text) => expect(phoneDoubt(text, 'NG')).toBeNull());
