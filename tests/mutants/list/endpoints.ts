/** Access: forged events, orders of others, stale roles, secrets in logs, wrong pages. */
import type { Mutant } from '../mutant.ts';

const payments = { project: 'component', file: 'tests/component/hearing-of-money.test.ts' };
const auth = { project: 'component', file: 'tests/component/auth.test.ts' };
const webhooks = { project: 'component', file: 'tests/component/webhook-endpoint.test.ts' };
const owner = { project: 'component', file: 'tests/component/owner-only.test.ts' };
const log = { project: 'unit', file: 'tests/unit/logger.test.ts' };

export const ENDPOINT_MUTANTS: readonly Mutant[] = [
  {
    id: 'hiccup-sheds',
    what: 'one slow moment of an idle shop refuses most of the next visitors',
    edits: [
      {
        file: 'server/http/load-shedding.ts',
        find: 'isSlow && this.#wasSlow ? Math.min',
        replace: 'isSlow ? Math.min',
      },
    ],
    caughtBy: {
      project: 'trouble',
      file: 'tests/trouble/database-trouble.test.ts',
      testNamePattern: 'loses a fifth by one slow probe',
    },
  },
  {
    id: 'unsigned-accepted',
    what: 'a webhook without a signature is accepted',
    edits: [
      {
        file: 'server/paystack/signature.ts',
        find: "return typeof header === 'string' && SIGNATURE_PATTERN.test(header);",
        replace: "return header === undefined || (typeof header === 'string' && SIGNATURE_PATTERN.test(header));",
      },
      {
        file: 'server/paystack/signature.ts',
        find: '  if (!isSignature(header)) return false;',
        replace: '  if (header === undefined) return true;\n  if (!isSignature(header)) return false;',
      },
    ],
    caughtBy: { ...webhooks, testNamePattern: 'without a signature' },
  },
  {
    id: 'signature-prefix',
    what: 'only the beginning of a webhook’s signature is compared',
    edits: [
      {
        file: 'server/paystack/signature.ts',
        find: "return timingSafeEqual(expected, Buffer.from(header, 'hex'));",
        replace: "return timingSafeEqual(expected.subarray(0, 0), Buffer.from(header, 'hex').subarray(0, 0));",
      },
    ],
    caughtBy: { ...webhooks, testNamePattern: 'with one digit of the signature changed' },
  },
  {
    id: 'webhook-of-any-age',
    what: 'a signed webhook of any age proves a payment',
    edits: [
      {
        file: 'models/payment/evaluate-charge.ts',
        find: 'return Math.abs(now.getTime() - report.paidAt.getTime()) <= WEBHOOK_FRESH_MS;',
        replace: 'return report.paidAt <= now;',
      },
    ],
    caughtBy: { ...payments, testNamePattern: 'a late webhook is not trusted by itself: Paystack verifies it' },
  },
  {
    id: 'payer-kept',
    what: 'the inbox stores the whole event with the data of the payer',
    edits: [
      {
        file: 'server/rest/paystack-webhook.ts',
        find: "event: kind === 'unreadable' ? 'unreadable' : event,",
        replace: "event: kind === 'unreadable' ? 'unreadable' : `${event} ${bytes.toString()}`,",
      },
    ],
    caughtBy: { ...webhooks, testNamePattern: 'keeps nothing of the payer' },
  },
  {
    id: 'foreign-order-shown',
    what: 'every signed-in user can read and cancel any order',
    edits: [
      {
        file: 'models/order/queries/find-order.ts',
        find: 'owner.equals(userId) ? order : null',
        replace: 'owner === userId ? null : order',
      },
    ],
    caughtBy: {
      ...owner,
      testNamePattern: 'gives another customer, and staff, the same reply as for an order that does not exist',
    },
  },
  {
    id: 'list-of-everybody',
    what: 'a shopper’s list of orders contains those of other shoppers',
    edits: [
      {
        file: 'models/order/queries/list-orders.ts',
        find: 'return findPage<OwnOrder>(db, { userId, status }, request, { hint: OWNER_INDEX, projection: OWN_FIELDS });',
        replace: 'return findPage<OwnOrder>(db, { status }, request, { projection: OWN_FIELDS });',
      },
    ],
    caughtBy: { ...owner, testNamePattern: 'own orders and no other' },
  },
  {
    id: 'pages-skip-one',
    what: 'each page of orders skips the first order of the next page',
    edits: [
      {
        file: 'models/order/queries/list-orders.ts',
        find: 'const last = items.at(-1);',
        replace: 'const last = orders.at(-1);',
      },
    ],
    caughtBy: { ...owner, testNamePattern: 'pages of a list hold every order once, newest first' },
  },
  {
    id: 'role-from-token',
    what: 'the role stays as it was when the token was first used',
    edits: [
      {
        file: 'server/trpc/trpc.ts',
        find: '  const user = await findAccount(app.db, session.userId);\n',
        replace:
          '  const known = SEEN.get(session.id);\n' +
          '  const user = known ?? (await findAccount(app.db, session.userId));\n' +
          '  if (user) SEEN.set(session.id, user);\n',
      },
      {
        file: 'server/trpc/trpc.ts',
        find: '/** Requires no sign-in. */',
        replace: 'const SEEN = new Map<string, Account>();\n\n/** Requires no sign-in. */',
      },
    ],
    caughtBy: { ...auth, testNamePattern: 'demoted staff lose their reach with the next call, by the same token' },
  },
  {
    id: 'staff-door-open',
    what: 'customers can call the procedures of staff',
    edits: [
      { file: 'models/accounts/assert-may.ts', find: 'if (why !== null) throw', replace: 'if (why === "") throw' },
    ],
    caughtBy: { ...auth, testNamePattern: 'staff reach staff procedures, customers and strangers do not' },
  },
  {
    id: 'audience-unread',
    what: 'a token for another audience is accepted',
    edits: [
      {
        file: 'server/auth/auth.ts',
        find: '      typ: TOKEN_TYPE,\n      issuer: auth.issuer,\n      audience: auth.audience,\n',
        replace: '      typ: TOKEN_TYPE,\n      issuer: auth.issuer,\n',
      },
    ],
    caughtBy: { ...auth, testNamePattern: 'another audience' },
  },
  {
    id: 'open-redirect',
    what: 'the redirect after Paystack goes to an address from the request',
    edits: [
      {
        file: 'server/rest/verify-payment.ts',
        find: 'res.redirect(303, `${ctx.config.storefrontUrl}/orders/${order._id}`);',
        replace: 'res.redirect(303, `${req.query.next ?? ctx.config.storefrontUrl}/orders/${order._id}`);',
      },
    ],
    caughtBy: { ...payments, testNamePattern: 'sends a browser to the configured storefront' },
  },
  {
    id: 'strangers-ask-paystack',
    what: 'every reference in the return URL leads to a call to Paystack',
    edits: [
      {
        file: 'server/rest/verify-payment.ts',
        find: '    const order = isReference(reference) ? await findOrderByReference(ctx.db, reference) : null;\n',
        replace:
          '    const order = await findOrderByReference(ctx.db, reference);\n' +
          '    if (!order) await ctx.paystack.verify(reference).catch(() => null);\n',
      },
    ],
    caughtBy: { ...payments, testNamePattern: 'is 404, and Paystack is not asked' },
  },
  {
    id: 'log-everything',
    what: 'the log writes every field of an entry',
    edits: [
      {
        file: 'server/observability/logger.ts',
        find: '.filter(([name]) => LOGGED_FIELDS.has(name))',
        replace: '.filter(([name]) => name !== undefined)',
      },
    ],
    caughtBy: { ...log, testNamePattern: 'fields that are not listed are dropped, also from child loggers' },
  },
  {
    id: 'log-quotes-errors',
    what: 'the log writes error messages that contain documents',
    edits: [
      {
        file: 'server/observability/logger.ts',
        find: ".test(error.name)) return '(left out)';",
        replace: '.test(error.name)) return error.message;',
      },
    ],
    caughtBy: { ...log, testNamePattern: 'an error is logged by type, code and frames' },
  },
];
