/** Typed text, addresses and the shop's search: what people write is refused, misread or not found. */
import type { Mutant } from '../mutant.ts';

const typed = { project: 'unit', file: 'tests/unit/typed-text.test.ts' };
const address = { project: 'unit', file: 'tests/unit/address.test.ts' };
const search = { project: 'component', file: 'tests/component/product-search.test.ts' };

export const INPUT_MUTANTS: readonly Mutant[] = [
  {
    id: 'validators-own-words',
    what: 'people read the sentences of the validator, with its types',
    edits: [{ file: 'server/trpc/trpc.ts', find: 'z.config({ customError: sayIssue });', replace: '' }],
    caughtBy: {
      project: 'component',
      file: 'tests/component/every-input.test.ts',
      testNamePattern: 'names each field that is given',
    },
  },
  {
    id: 'invisible-name-accepted',
    what: 'a name of invisible characters passes for a name',
    edits: [
      {
        file: 'models/contract/typed/visible-text.ts',
        find: "(rest === undefined ? part : '')",
        replace: 'part',
      },
    ],
    caughtBy: { ...typed, testNamePattern: 'with nothing to see is empty' },
  },
  {
    id: 'mark-is-a-name',
    what: 'a mark without a letter passes for a name',
    edits: [
      {
        file: 'models/contract/typed/visible-text.ts',
        find: "return SOMETHING_TO_SEE.test(text) ? text : '';",
        replace: 'return text;',
      },
    ],
    caughtBy: { ...typed, testNamePattern: 'with nothing to see is empty' },
  },
  {
    id: 'mail-for-localhost',
    what: 'an address that no mail reaches may sign up',
    edits: [
      {
        file: 'models/contract/accounts.ts',
        find: 'email: reachableEmail, password',
        replace: 'email, password',
      },
    ],
    caughtBy: { ...typed, testNamePattern: 'that no mail can reach is refused' },
  },
  {
    id: 'null-is-given',
    what: 'null in a field that may be left out is refused',
    edits: [
      {
        file: 'models/contract/fields.ts',
        find: "const isEmpty = value === null || (typeof value === 'string' && toLine(value) === '');",
        replace: "const isEmpty = typeof value === 'string' && toLine(value) === '';",
      },
    ],
    caughtBy: { ...typed, testNamePattern: 'may also be null' },
  },
  {
    id: 'idn-has-two-accounts',
    what: 'a domain in its own script and its punycode are two addresses',
    edits: [
      {
        file: 'models/contract/typed/email-address.ts',
        find: 'at === -1 || ASCII.test(domain)',
        replace: 'at >= -1',
      },
    ],
    caughtBy: { ...typed, testNamePattern: 'has one writing for the same address' },
  },
  {
    id: 'phone-of-another-country',
    what: 'a national number is read without the country of its address',
    edits: [
      {
        file: 'models/address/phone.ts',
        find: 'parsePhoneNumberFromString(writing, toCountryCode(country))',
        replace: "parsePhoneNumberFromString(writing, 'NG')",
      },
    ],
    caughtBy: { ...address, testNamePattern: 'is of that country' },
  },
  {
    id: 'second-number-breaks-the-first',
    what: 'the beginning of a second phone number is taken for digits of the first',
    edits: [
      { file: 'models/address/phone.ts', find: 'if (parts.length > 1 && ', replace: 'if (parts.length > 99 && ' },
    ],
    caughtBy: { ...address, testNamePattern: 'is dialled', witness: '08031234567/8' },
  },
  {
    id: 'any-two-letters-are-a-country',
    what: 'two letters that are no country’s code are taken',
    edits: [
      {
        file: 'models/address/country.ts',
        find: '/^[A-Z]{2}$/.test(code) && countries.isValid(code)',
        replace: '/^[A-Z]{2}$/.test(code)',
      },
    ],
    caughtBy: { ...address, testNamePattern: 'is one of ISO 3166-1' },
  },
  {
    id: 'search-behind-the-catalogue',
    what: 'a renamed product is found by its old title',
    edits: [
      {
        file: 'models/catalogue/edit-catalogue.ts',
        find: '      if (product !== null && edited !== null) await writeProductSearch(db, id, session);\n',
        replace: '',
      },
    ],
    caughtBy: { ...search, testNamePattern: 'follows each change' },
  },
  {
    id: 'typing-errors-unknown',
    what: 'a word with a typing error finds nothing',
    edits: [
      {
        file: 'models/catalogue/search/find-by-words.ts',
        find: 'words.some((word) => isOneTypoApart(word, one))',
        replace: 'words.some((word) => word === one)',
      },
    ],
    caughtBy: { ...search, testNamePattern: 'a wrong letter' },
  },
];
