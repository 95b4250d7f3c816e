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
        find: '$unset: { expiresAt: 1, unusedSince: 1 }',
        replace: '$unset: { neverSet: 1, unusedSince: 1 }',
      },
    ],
    caughtBy: { ...PICTURES, testNamePattern: 'a picture ends after a day, unless a product has had it' },
  },
  {
    id: 'picture-of-an-order-cleared',
    what: 'a picture that an order shows is deleted after its product lost it',
    edits: [
      {
        file: 'models/pictures/clear-pictures.ts',
        find: '    if ((await driverCollection(db.orders).findOne(naming, { projection: { _id: 1 } })) !== null) return true;\n',
        replace: '    await driverCollection(db.orders).findOne(naming, { projection: { _id: 1 } });\n',
      },
    ],
    caughtBy: { ...PICTURES, testNamePattern: 'a picture that its product lost' },
  },
  {
    id: 'pictures-overwritten-unseen',
    what: 'pictures are replaced by somebody who has not seen the last change',
    edits: [
      {
        file: 'models/pictures/set-pictures.ts',
        find: '{ _id: productId, ...hasRev(rev) }',
        replace: '{ _id: productId, ...(rev === -1 ? hasRev(rev) : {}) }',
      },
    ],
    caughtBy: { ...PICTURES, testNamePattern: 'who has not seen the last change' },
  },
  {
    id: 'picture-for-own-pages',
    what: 'mail readers and shops of other origins may not show a picture',
    edits: [
      {
        file: 'server/rest/pictures.ts',
        find: "'cross-origin-resource-policy', 'cross-origin'",
        replace: "'cross-origin-resource-policy', 'same-origin'",
      },
    ],
    caughtBy: { ...PICTURES, testNamePattern: 'an order shows the picture of its day' },
  },
  {
    id: 'picture-by-anybody',
    what: 'anybody may send pictures',
    edits: [
      {
        file: 'server/rest/pictures.ts',
        find: '        await assertStaffCall(contextOf(req), permission);\n',
        replace: '        await Promise.resolve([assertStaffCall, contextOf(req), permission]);\n',
      },
    ],
    caughtBy: { ...PICTURES, testNamePattern: 'a picture of a customer, of a packer and of nobody' },
  },
];
