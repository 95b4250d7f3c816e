/** docs/glossary.md lists every public status, state and error code, and the terms of this code. */

import { expect, test } from '@jest/globals';
import { ROLES } from '../../models/contract/permissions.ts';
import {
  ATTEMPT_STATUSES,
  CANCEL_REASONS,
  EMAIL_KINDS,
  MISSED_LINE_KINDS,
  ORDER_STATUSES,
  PAYMENT_STATUSES,
  REFUND_CAUSES,
  REFUND_STATES,
  REVIEW_CAUSES,
} from '../../models/contract/statuses.ts';
import { HISTORY_TYPES } from '../../models/order/history.ts';
import { type Dispute, RESERVATION_STATES } from '../../models/order/order-document.ts';
import type { ChargeOutcome } from '../../models/payment/charge-outcome.ts';
import { ERROR_STATUSES } from '../../server/http/error-statuses.ts';
import { codeIn, readPage, rowsOf } from '../support/markdown.ts';

const page = readPage('docs/glossary.md');
const codes = new Set(codeIn(page));

/** Only a type lists these values, so the compiler checks that the list is complete. */
const DISPUTE_STATES: Record<Dispute['state'], true> = { open: true, won: true, lost: true };
const CHARGE_OUTCOMES: Record<ChargeOutcome, true> = {
  paid: true,
  unchanged: true,
  duplicate_payment: true,
  late_payment: true,
  review: true,
  reversal: true,
  failed: true,
  open: true,
  needs_verification: true,
  unknown_reference: true,
};

test.each([
  ['order status', ORDER_STATUSES],
  ['payment status', PAYMENT_STATUSES],
  ['attempt status', ATTEMPT_STATUSES],
  ['refund state', REFUND_STATES],
  ['refund cause', REFUND_CAUSES],
  ['review cause', REVIEW_CAUSES],
  ['type of history entry', HISTORY_TYPES],
  ['reservation state', RESERVATION_STATES],
  ['dispute state', Object.keys(DISPUTE_STATES)],
  ['charge outcome', Object.keys(CHARGE_OUTCOMES)],
  ['cancel reason', CANCEL_REASONS],
  ['kind of missed line', MISSED_LINE_KINDS],
  ['role', ROLES],
  ['kind of email', EMAIL_KINDS],
  ['error code', Object.keys(ERROR_STATUSES)],
])('every %s is in the glossary', (_, words: readonly string[]) => {
  expect(words.filter((word) => !codes.has(word))).toEqual([]);
});

test.each([
  ...['inbox', 'outbox', 'sweep', 'claim', 'lease', 'park', 'snapshot', 'back-off', 'checkpoint', 'wake-up'],
  ...['bulkhead', 'single-flight', 'batch loader', 'write conflict', 'read concern', 'write concern', 'load shedding'],
  ...[
    'payment attempt',
    'charge',
    'settle',
    'reservation',
    'external refund',
    'needs attention',
    'review',
    'reference',
  ],
  ...['change feed', 'fast path', 'fake', 'mutant', 'checkout key', 'compare-and-set'],
])('%s is a term of the glossary', (term) => {
  const terms = rowsOf(page).map(([cell = '']) => cell);
  expect(terms.some((cell) => cell.toLowerCase().includes(term))).toBe(true);
});
