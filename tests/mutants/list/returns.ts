/** Coming back from paying: a page for every browser, and limits that count the right caller. */
import type { Mutant } from '../mutant.ts';

const storefront = { project: 'component', file: 'tests/component/storefront-files.test.ts' };
const returns = { project: 'component', file: 'tests/component/returns.test.ts' };

export const RETURN_MUTANTS: readonly Mutant[] = [
  {
    id: 'return-waits-for-paystack',
    what: 'a browser that returns waits until Paystack has answered',
    edits: [
      {
        file: 'server/rest/verify-payment.ts',
        find: 'if (isUnpaid(order)) verifyBehind(reference);',
        replace: 'if (isUnpaid(order)) await verified(ctx, order, reference);',
      },
    ],
    caughtBy: { ...returns, testNamePattern: 'from one read, before Paystack has answered' },
  },
  {
    id: 'return-verifies-nothing',
    what: 'the return of a browser has nothing verified',
    edits: [
      {
        file: 'server/rest/verify-payment.ts',
        find: 'if (isUnpaid(order)) verifyBehind(reference);',
        replace: '',
      },
    ],
    caughtBy: { ...returns, testNamePattern: 'the payment is recorded behind it' },
  },
  {
    id: 'return-counts-by-address',
    what: 'returns from paying count against the common address',
    edits: [
      {
        file: 'server/rest/verify-payment.ts',
        find: 'ctx.limits.countCall({ reference });',
        replace: 'ctx.limits.countCall({ ip: contextOf(req).ip });',
      },
    ],
    caughtBy: { ...returns, testNamePattern: 'is limited by its reference alone' },
  },
  {
    id: 'return-is-shed',
    what: 'browsers that return are refused with the checkouts',
    edits: [
      {
        file: 'server/http/load-shedding.ts',
        find: "isReturningBrowser(req) ? 'essential' : usual",
        replace: 'isReturningBrowser(req) ? usual : usual',
      },
    ],
    caughtBy: { ...returns, testNamePattern: 'is served while the shop refuses everything but webhooks' },
  },
  {
    id: 'json-for-browsers',
    what: 'errors reach browsers as JSON',
    edits: [
      {
        file: 'server/http/edge.ts',
        find: 'if (optionsOfPage && wantsPage(req)) {',
        replace: 'if (false as boolean) {',
      },
      { file: 'server/http/edge.ts', find: 'renderErrorPage(wire, req, options)', replace: "''" },
    ],
    caughtBy: { ...returns, testNamePattern: 'with an unknown or malformed reference' },
  },
  {
    id: 'json-for-cut-links',
    what: 'a browser whose link from Paystack is cut short gets JSON',
    edits: [
      {
        file: 'server/http/pages/page-request.ts',
        find: 'return isRead(req) && !NEVER_PAGES.test(req.path) &&',
        replace:
          'return isRead(req) && (!API.test(req.path) || RETURN.test(req.path) || KNOWN_ORDER_PAGES.test(req.path)) &&',
      },
    ],
    caughtBy: { ...returns, testNamePattern: 'with a link that is cut short or has grown' },
  },
  {
    id: 'accounts-share-an-address',
    what: 'calls of signed-in people count by address',
    edits: [
      {
        file: 'server/trpc/trpc.ts',
        find: 'session === null ? { ip: ctx.ip }',
        replace: 'session === null || session !== null ? { ip: ctx.ip }',
      },
    ],
    caughtBy: { ...returns, testNamePattern: 'of signed-in people count by account' },
  },
  {
    id: 'silent-about-proxies',
    what: 'nothing is said of requests through an unknown proxy',
    edits: [
      { file: 'server/http/proxy-hint.ts', find: 'config.trustProxy === false', replace: 'config.trustProxy === 99' },
    ],
    caughtBy: { ...returns, testNamePattern: 'through a proxy that the configuration does not know' },
  },
  {
    id: 'pages-for-nothing',
    what: 'unknown pages are answered with 200',
    edits: [
      {
        file: 'server/http/pages/page-content.ts',
        find: 'page === null ? { status: 404 as const,',
        replace: 'page === null ? { status: 200 as const,',
      },
    ],
    caughtBy: { ...storefront, testNamePattern: 'that no pattern names is a page with the status 404' },
  },
  {
    id: 'unread-product-left-out',
    what: 'search engines drop a product that could not be read once',
    edits: [
      {
        file: 'server/http/pages/page-content.ts',
        find: "title: TITLES['/products/:slug'], canonical: undefined };",
        replace: "title: TITLES['/products/:slug'], canonical: null };",
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/unread-products.test.ts',
      testNamePattern: 'while the database is away',
    },
  },
  {
    id: 'error-pages-of-another-name',
    what: 'pages about errors bear the name of the configuration',
    edits: [
      {
        file: 'server/context/shop-identity.ts',
        find: '        last = info;\n',
        replace: '        void info;\n',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/shop-settings.test.ts',
      testNamePattern: 'pages about errors bear the name of the settings',
    },
  },
  {
    id: 'script-in-data',
    what: 'a text in the data of a page can end its script element',
    edits: [
      {
        file: 'server/http/pages/template.ts',
        find: ".replaceAll('<', '\\\\u003c')",
        replace: '',
      },
    ],
    caughtBy: {
      ...storefront,
      file: 'tests/component/storefront-head.test.ts',
      testNamePattern: 'of a product names it',
    },
  },
  {
    id: 'payment-told-for-ever',
    what: 'the state of an old payment is public',
    edits: [{ file: 'models/order/queries/returned-payment.ts', find: '> RECENT_MS', replace: '< 0' }],
    caughtBy: { ...storefront, testNamePattern: 'tells nobody of a payment of long ago' },
  },
];
