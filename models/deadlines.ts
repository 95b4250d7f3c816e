/**
 * Time budgets that must fit into one another, in ms. Loading this file throws if they do not. A claim that ends before
 * the calls made under it, for example, would let a second process make the same calls.
 */

export const DEADLINES = {
  /**
   * A call of the API: after it the caller gets OVERLOADED. The work may run on, so every step must be safe to resume.
   */
  call: 5_000,
  /** Beyond `call` for tRPC requests, whose procedures have the deadline themselves and answer it better. */
  callSlack: 500,
  /** Receiving a file of 5 MB, also from a slow phone. */
  fileRequest: 28_000,
  /**
   * Waiting for a payment page: its error is clearer than that of `call`. The call to Paystack goes on within its
   * claim.
   */
  paymentPage: 4_500,
  /** The verify page's wait for Paystack, before the browser is sent on to the order. */
  verifyPage: 4_000,
  /** Reading the first data of a page, before the browser gets the page without it. */
  pageData: 1_500,
  /** Reading the shop's name and contact for a page, which must not wait for a database that is away. */
  shopInfo: 300,
  /** Waiting in the queue of checkouts that reserve stock. */
  reservationQueue: 4_000,
  /** Repeating a checkout after write conflicts with another one of the same shopper. */
  checkoutRetries: 3_000,
  /** Counting a sign-in once in MongoDB; after it the process counts in its memory. */
  signInCount: 800,
  /** The longest delay of a sign-in to an account that is being guessed at. */
  signInDelay: 2_500,
  /** One transaction, its retries included. */
  transaction: 3_000,

  /** Paystack waits this long for the answer to a webhook (Paystack's documentation). */
  paystackWebhookWait: 30_000,
  webhookRequest: 25_000,
  /** Applying a webhook inside its request; the sweep applies what takes longer. */
  webhookApply: 5_000,

  paystackInitialize: 7_000,
  paystackVerify: 8_000,
  paystackListCharges: 20_000,
  /** One page of any other list. */
  paystackListPage: 20_000,
  paystackCreateRefund: 20_000,
  paystackListRefunds: 20_000,
  paystackGetRefund: 8_000,
  /** Sending a customer's bank account, while a staff member waits. */
  paystackRefundAccount: 4_000,
  paystackListBanks: 4_000,
  paystackListDisputes: 20_000,
  paystackGetDispute: 8_000,
  paystackFindReference: 8_000,
  paystackSubmitEvidence: 15_000,
  paystackRequestUpload: 8_000,
  /** Paystack's documentation; up to 5 MB. */
  paystackUploadFile: 20_000,
  paystackResolveDispute: 20_000,
  /** SendGrid answers in well under a second. */
  mail: 10_000,

  /** The claim of a payment attempt. */
  attemptClaim: 15_000,
  emailClaim: 60_000,
  refundClaim: 120_000,
  /** Of one step of an answer to a dispute; each step renews it. */
  disputeClaim: 120_000,
  settlementLease: 10_000,
  migrationLease: 30_000,

  /** After its budget a run starts nothing new and only finishes the work in flight. */
  settlementRun: 15_000,
  emailRun: 60_000,
  refundRun: 60_000,
  sweepWebhooks: 30_000,
  sweepVerifies: 60_000,
  disputeRun: 30_000,
  /** Deleting old runs of jobs; the next sweep deletes the rest. */
  sweepOldRuns: 5_000,
  /** Checking a slice of the orders; the next slice begins where it ended. */
  auditSlice: 20_000,
  /** How long Agenda's lock of a job lives. */
  settlementLock: 60_000,
  jobLock: 180_000,
  sweepLock: 300_000,
  /** A stop waits this long for running jobs; an interrupted run is resumed from the documents. */
  jobsStop: 15_000,
} as const;

export type Deadlines = Readonly<Record<keyof typeof DEADLINES, number>>;

/** Why the first of the two must be longer than the second. */
function rulesOf(ms: Deadlines): readonly (readonly [why: string, longer: number, shorter: number])[] {
  return [
    ['a payment page is waited for within the call', ms.call, ms.paymentPage],
    ['the verify page waits within the call', ms.call, ms.verifyPage],
    ['a page waits for its data within the call', ms.call, ms.pageData],
    ['a checkout leaves the reservation queue within the call', ms.call, ms.reservationQueue],
    ['a checkout is repeated within the call', ms.call, ms.checkoutRetries],
    ['a sign-in is counted and delayed within the call', ms.call, 3 * ms.signInCount + ms.signInDelay],
    ['a transaction ends within the call', ms.call, ms.transaction],
    ['the banks are listed within the call', ms.call, ms.paystackListBanks],
    ["a customer's bank account is sent within the call", ms.call, ms.paystackRefundAccount],
    ['a webhook is answered before Paystack gives up', ms.paystackWebhookWait, ms.webhookRequest],
    ['a webhook is applied within its request', ms.webhookRequest, ms.webhookApply],
    ['the claim of a payment attempt outlives two calls', ms.attemptClaim, 2 * ms.paystackInitialize],
    ['the claim of an email outlives its sending', ms.emailClaim, ms.mail],
    ['the claim of a refund outlives its calls', ms.refundClaim, ms.paystackListRefunds + ms.paystackCreateRefund],
    ['the lease of the settlement outlives a batch', ms.settlementLease, ms.transaction],
    ['the lease of the migrations outlives a batch', ms.migrationLease, ms.transaction],
    ['the lock of a settlement run outlives it', ms.settlementLock, ms.settlementRun + ms.settlementLease],
    ['the lock of an email run outlives it', ms.jobLock, ms.emailRun + ms.mail],
    [
      'the lock of a refund run outlives it',
      ms.jobLock,
      ms.refundRun + ms.paystackListRefunds + ms.paystackCreateRefund,
    ],
    ['the claim of an answer outlives a step', ms.disputeClaim, longestStep(ms)],
    ['the lock of a dispute run outlives it', ms.jobLock, ms.disputeRun + answering(ms)],
    [
      'the lock of a sweep outlives its calls to Paystack',
      ms.sweepLock,
      ms.sweepWebhooks + ms.sweepVerifies + 2 * ms.paystackVerify + ms.disputeRun + answering(ms) + ms.sweepOldRuns,
    ],
  ];
}

/** An upload, which is the longest step of an answer, with the reading of the dispute after it. */
function longestStep(ms: Deadlines): number {
  return ms.paystackRequestUpload + ms.paystackUploadFile + ms.paystackGetDispute;
}

/** All steps of an answer, with the reading of the dispute before each step and after the last. */
function answering(ms: Deadlines): number {
  return longestStep(ms) + ms.paystackSubmitEvidence + ms.paystackResolveDispute + 3 * ms.paystackGetDispute;
}

/** Throws an Error that names every budget which does not fit. */
export function assertDeadlines(ms: Deadlines): void {
  const broken = rulesOf(ms).filter(([, longer, shorter]) => longer <= shorter);
  if (broken.length === 0) return;
  const sentences = broken.map(([why, longer, shorter]) => `${why} (${longer} ms against ${shorter} ms)`);
  throw new Error(`Deadlines do not fit into one another: ${sentences.join('; ')}.`);
}

assertDeadlines(DEADLINES);
