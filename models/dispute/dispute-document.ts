import type { DisputeState } from '../contract/statuses.ts';
import type { DisputeAnswer } from './answer/answer-document.ts';

/** A cardholder's claim at the bank, as Paystack last reported it (models/dispute/record-dispute). */
export interface Dispute {
  disputeId: string;
  /** Of the disputed charge. */
  reference: string;
  state: DisputeState;
  /** Subunits of the charge's currency; when missing, the whole charge. */
  amount?: number;
  /** Paystack's word: chargeback, fraud, general. */
  category?: string;
  openedAt: Date;
  /** When Paystack decides against us unless it has our answer. */
  answerBy?: Date;
  /** True when Paystack named no deadline, and `answerBy` is our cautious guess. */
  answerByAssumed?: boolean;
  /** The bank decides; no answer of ours is awaited. */
  bankDeciding?: boolean;
  answer?: DisputeAnswer;
  /** The least number of hours before the deadline at which staff were alerted by email. */
  alertedHours?: number;
  /** The number of the deadline, from 1, where an earlier one was alerted of and then moved; absent for the first. */
  deadlineNo?: number;
  endedAt?: Date;
  /** When it is next read at Paystack; set while it is open. */
  dueAt?: Date;
  /** Paystack's time of its last change: an older report is ignored. Unset until the dispute was read at Paystack. */
  gatewayUpdatedAt?: Date;
}
