import type { Mutant } from '../mutant.ts';

const PICTURES = { project: 'component', file: 'tests/component/pictures.test.ts' } as const;

export const PICTURE_MUTANTS: readonly Mutant[] = [
  {
    id: 'picture-of-any-type',
    what: 'staff’s files are decoded whatever their first bytes are',
    edits: [
      {
        file: 'server/pictures/encode-picture.ts',
        find: "  if (!isPicture(file)) throw invalidInput('file', 'must be a JPEG, a PNG, a WebP or an AVIF');\n",
        replace: '  isPicture(file);\n',
      },
    ],
    caughtBy: { ...PICTURES, testNamePattern: 'a drawing with a script' },
  },
  {
    id: 'picture-of-any-size',
    what: 'a picture is decoded however many pixels it has',
    edits: [
      {
        file: 'server/pictures/encode-picture.ts',
        find: 'limitInputPixels: MAX_PIXELS',
        replace: 'limitInputPixels: false',
      },
    ],
    caughtBy: { ...PICTURES, testNamePattern: '900 megapixels in a small file' },
  },
  {
    id: 'picture-expires-in-use',
    what: 'the pictures of a product are deleted after a day',
    edits: [
      {
        file: 'models/pictures/set-pictures.ts',
        find: 'stored.updateMany(keys, { $unset: { expiresAt: 1 } })',
        replace: 'stored.updateMany(keys, { $unset: { neverSet: 1 } })',
      },
    ],
    caughtBy: { ...PICTURES, testNamePattern: 'a picture ends after a day, unless a product has had it' },
  },
  {
    id: 'picture-by-anybody',
    what: 'anybody may send pictures',
    edits: [
      {
        file: 'server/rest/pictures.ts',
        find: "      await assertStaffCall(contextOf(req), 'editCatalogue');\n",
        replace: '      contextOf(req);\n      await Promise.resolve(assertStaffCall);\n',
      },
    ],
    caughtBy: { ...PICTURES, testNamePattern: 'a picture of a customer, of a packer and of nobody' },
  },
];
