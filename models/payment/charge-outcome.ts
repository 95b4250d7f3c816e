/** The outcome of recording a report on a charge. */
export type ChargeOutcome =
  /** It pays the order: settlement is due. */
  | 'paid'
  /** It was recorded before; nothing changed. */
  | 'unchanged'
  /** Another charge pays the order already: its full refund is requested. */
  | 'duplicate_payment'
  /** The order is cancelled: its full refund is requested. */
  | 'late_payment'
  /** Captured, reversed, or disagreeing money: a person decides. */
  | 'review'
  /** The attempt failed; paying again makes a new one. */
  | 'failed'
  /** Not decided at Paystack yet. */
  | 'open'
  /** A webhook that proves nothing: verify the reference at Paystack. */
  | 'needs_verification'
  | 'unknown_reference';
