/** Running the shop: emails that do not arrive, digests, misspelt variables, and the ways in of staff. */
import type { Mutant } from '../mutant.ts';

const undelivered = { project: 'component', file: 'tests/component/undelivered-emails.test.ts' };
const digest = { project: 'trouble', file: 'tests/trouble/new-orders-digest.test.ts' };
const agendash = { project: 'component', file: 'tests/component/agendash.test.ts' };

export const OPERATION_MUTANTS: readonly Mutant[] = [
  {
    id: 'delivery-report-of-any-time',
    what: 'a recorded report of SendGrid can be sent again for ever',
    edits: [
      {
        file: 'server/email/sendgrid/event-signature.ts',
        find: 'if (ageMs > OLDEST_MS || ageMs < -NEWEST_MS) return false;',
        replace: '',
      },
    ],
    caughtBy: { ...undelivered, testNamePattern: 'without SendGrid’s signature of the last day nothing changes' },
  },
  {
    id: 'repeated-report-refused',
    what: 'bounces are lost that SendGrid could not report within ten minutes',
    edits: [
      {
        file: 'server/email/sendgrid/event-signature.ts',
        find: 'if (ageMs > OLDEST_MS ||',
        replace: 'if (ageMs > NEWEST_MS ||',
      },
    ],
    caughtBy: { ...undelivered, testNamePattern: 'that SendGrid could report only hours later is recorded' },
  },
  {
    id: 'delivery-report-of-any-copy',
    what: 'a late report about the first copy parks the email that was sent again',
    edits: [
      {
        file: 'models/messaging/delivery/mark-undelivered.ts',
        find: '  if (copyId === null || messageId === null) return true;\n',
        replace: '  if (copyId !== null || messageId !== null) return true;\n',
      },
    ],
    caughtBy: { ...undelivered, testNamePattern: 'a corrected address sends it again' },
  },
  {
    id: 'bounce-of-account-unlisted',
    what: 'bounces of emails to staff and about accounts stand in no list',
    edits: [
      {
        file: 'models/messaging/delivery/mark-undelivered.ts',
        find: '{ $set: { parkedAt: failure.at, undelivered } }',
        replace: '{ $set: { undelivered } }',
      },
    ],
    caughtBy: { ...undelivered, testNamePattern: 'of an email to staff or about an account it is listed' },
  },
  {
    id: 'misspelt-variable-silent',
    what: 'a misspelt variable is ignored in silence',
    edits: [
      {
        file: 'server/config/misspelt.ts',
        find: '  if (distance(letters, knownLetters) <= allowed) return true;\n',
        replace: '',
      },
    ],
    caughtBy: {
      project: 'unit',
      file: 'tests/unit/misspelt-variables.test.ts',
      testNamePattern: 'CURENCY',
    },
  },
  {
    id: 'sender-keeps-quotes',
    what: 'the quotes of a sender’s name reach the customer',
    edits: [
      {
        file: 'server/config/parse-sender.ts',
        find: "return { email, name: shown === '' ? null : shown };",
        replace: 'return { email, name: quoted === null ? shown : `"${shown}"` };',
      },
    ],
    caughtBy: {
      project: 'unit',
      file: 'tests/unit/config.test.ts',
      testNamePattern: 'is an address and the name that people read',
    },
  },
  {
    id: 'invisible-shop-name',
    what: 'a shop whose name nobody can see is started',
    edits: [
      {
        file: 'server/config/variables.ts',
        find: 'visibleText(MAX_LENGTH.name)',
        replace: 'text.max(MAX_LENGTH.name)',
      },
    ],
    caughtBy: { project: 'unit', file: 'tests/unit/config.test.ts', testNamePattern: 'SHOP_NAME' },
  },
  {
    id: 'issuer-without-verifier',
    what: 'the fake issuer takes any verifier, so that PKCE is never tried',
    edits: [
      {
        file: 'dev/issuer/issuer.ts',
        find: 'challenge === granted.request.code_challenge',
        replace: "challenge !== ''",
      },
    ],
    caughtBy: {
      project: 'unit',
      file: 'tests/unit/fake-issuer.test.ts',
      testNamePattern: 'a code opens once, for its verifier',
    },
  },
  {
    id: 'digest-counts-resent',
    what: 'a confirmation that is sent once more is a new order in the digest',
    edits: [
      {
        file: 'models/messaging/digest/new-orders.ts',
        find: '        requeuedAt: { $exists: false },\n',
        replace: '',
      },
    ],
    caughtBy: { ...digest, testNamePattern: 'a confirmation that could not be sent counts' },
  },
  {
    id: 'staff-cookie-without-permission',
    what: 'the cookie for Agendash admits an account without the permission',
    edits: [
      {
        file: 'server/auth/staff-cookie.ts',
        find: '  assertMay(user.role, permission);\n',
        replace: '',
      },
    ],
    caughtBy: { ...agendash, testNamePattern: 'it ends with the session and with the role, at once' },
  },
  {
    id: 'no-digest-by-default',
    what: 'a shop that changed no setting emails staff of no new order',
    edits: [
      {
        file: 'server/context/create-context.ts',
        find: '(await settings()).newOrdersMinutes ?? 1',
        replace: '(await settings()).newOrdersMinutes ?? 0',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/shop-settings.test.ts',
      testNamePattern: 'before the first change staff get an email of new orders',
    },
  },
  {
    id: 'digest-default-shown-as-off',
    what: 'settings show no emails of new orders where they come each minute',
    edits: [
      {
        file: 'server/trpc/routers/shop/admin-shop.ts',
        find: 'newOrdersMinutes = 1 }',
        replace: 'newOrdersMinutes = 0 }',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/shop-settings.test.ts',
      testNamePattern: 'before the first change staff get an email of new orders',
    },
  },
];
