/** The words of codes that staff read, declared with this package's own types, so that its declarations stand by themselves. */
import * as contract from '../../models/contract/desk/words.ts';
import type { PaymentStatus, RefundState, StaffRefund } from './types.ts';

export const PAYMENT_STATUS_WORDS: Readonly<Record<PaymentStatus, string>> = contract.PAYMENT_STATUS_WORDS;

export const REFUND_STATE_WORDS: Readonly<Record<RefundState, string>> = contract.REFUND_STATE_WORDS;

/** Completes the sentence "the money goes back because …". */
export const REFUND_CAUSE_WORDS: Readonly<Record<StaffRefund['cause'], string>> = contract.REFUND_CAUSE_WORDS;
