/** Pure parts of accounts: passwords that are guessed first, the tokens of links, and the names of devices. */
import { describe, expect, test } from '@jest/globals';
import { dictionary } from '@zxcvbn-ts/language-common';
import fc from 'fast-check';
import { deviceOf } from '../../server/auth/device.ts';
import { assertHardToGuess } from '../../server/auth/guessable-passwords.ts';
import { createOneTimeTokens } from '../../server/auth/one-time-tokens.ts';

const person = { email: 'chidi.okafor@example.com', name: 'Chidi Okafor', shopName: 'Ìyá Bàsírà Fabrics' };

/** The reason, or null for a password that is taken. */
function refusalOf(password: string): string | null {
  try {
    assertHardToGuess(password, person);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const COMMON = 'it is one of the most common passwords, or nearly one';
const OWN = 'it is made of your name, your email address or the name of the shop';
const REPEAT = 'it repeats itself';

describe('a password that is guessed first is refused with the reason:', () => {
  test.each([
    ['password123', COMMON],
    ['Passw0rd!!', COMMON],
    ['ＰＡＳＳＷＯＲＤ１', COMMON],
    ['iloveyou123', COMMON],
    ['jesuschrist', COMMON],
    ['Nigeria123', COMMON],
    ['JesusIsLord1', COMMON],
    ['Chelsea2024!', COMMON],
    ['Monday2026!!', COMMON],
    ['!!Lagos2026', COMMON],
    ['a1b2c3d4e5f6', 'it is a row of neighbouring keys, letters or digits'],
    ['Okafor2026!', OWN],
    ['iyabasirafabrics26', OWN],
    ['aaaaaaaaaaaa', REPEAT],
    ['qwe123qwe123', REPEAT],
    ['abcdefghijkl', 'it is a row of neighbouring keys, letters or digits'],
    ['chidi.okafor@example.com', OWN],
    ['ChidiOkafor', OWN],
    ['IyaBasiraFabrics', OWN],
  ])('%s', (password, reason) => {
    expect(refusalOf(password)).toContain(reason);
  });
});

test.each([
  'correct horse battery',
  'quiet rivers run deep',
  'Kx8#mQ2!vL',
  'xkqzvw83#1',
  '29#kwlqpt!',
  'sunflower over kano 7',
  'mo lọ sí ọjà l’áàárọ̀',
])('%s is taken', (password) => {
  expect(refusalOf(password)).toBeNull();
});

test('the list has far more than three thousand passwords, and each that is long enough is refused', () => {
  const listed = dictionary['passwords-common'].map(String);
  expect(listed.length).toBeGreaterThan(40_000);
  const long = listed.filter((password) => password.length >= 10);
  expect(long.length).toBeGreaterThan(1_500);
  const sample = long.filter((_, index) => index % 25 === 0);
  expect(sample.filter((password) => refusalOf(password) === null)).toEqual([]);
});

test('the longest password is judged at once', () => {
  const startedAt = performance.now();
  refusalOf('p4ssW0rd1!'.repeat(13).slice(0, 128));
  expect(performance.now() - startedAt).toBeLessThan(400);
});

describe('the token of a link', () => {
  const { tokenOf, linkIdOf } = createOneTimeTokens('a secret of at least thirty-two bytes');
  const id = fc.stringMatching(/^[\w-]{10,40}$/);

  test('gives its id back, for its own purpose and secret alone', () => {
    const other = createOneTimeTokens('another secret of thirty-two bytes');
    fc.assert(
      fc.property(id, (linkId) => {
        const token = tokenOf('reset_password', linkId);
        expect(linkIdOf('reset_password', token)).toBe(linkId);
        expect(linkIdOf('verify_email', token)).toBeNull();
        expect(other.linkIdOf('reset_password', token)).toBeNull();
      }),
      { numRuns: 30 },
    );
  });

  test.each(['', '.', 'abc', 'abc.', '.abc', 'abc.def.ghi'])('is not “%s”', (token) => {
    expect(linkIdOf('reset_password', token)).toBeNull();
  });
});

describe('a device', () => {
  test.each([
    [
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36',
      'Chrome on Android',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
      'Safari on iPhone',
    ],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0', 'Firefox on Windows'],
    [
      'Mozilla/5.0 (Linux; Android 13; SM-A515F) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36',
      'Samsung Internet on Android',
    ],
    ['curl/8.0', 'A program'],
    ['', 'A program'],
    [undefined, 'A program'],
  ])('%s is shown as its owner knows it', (userAgent, shown) => {
    expect(deviceOf(userAgent)).toBe(shown);
  });

  test('never throws, and its name is short, on one line and without markup', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2_000, unit: 'binary' }), (userAgent) => {
        const shown = deviceOf(userAgent);
        expect(shown.length).toBeLessThan(90);
        expect(shown).toMatch(/^[\p{L}\p{N} .+-]+$/u);
      }),
      { numRuns: 100 },
    );
  });
});
