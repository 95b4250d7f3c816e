/** The contract's words for codes, declared with this package's own types, so that its declarations stand by themselves. */
import * as contract from '../../models/contract/staff/words.ts';
import type { PaymentStatus, StaffRefund } from './types.ts';

/** "not paid", "in review", … */
export const PAYMENT_STATUS_WORDS: Readonly<Record<PaymentStatus, string>> = contract.PAYMENT_STATUS_WORDS;

/** Why an amount is refunded: "the order was paid twice", … */
export const REFUND_CAUSE_WORDS: Readonly<Record<StaffRefund['cause'], string>> = contract.REFUND_CAUSE_WORDS;
