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
  /** Captured money that disagrees, or that went back without a known reason: a person decides. */
  | 'review'
  /** Paystack calls it reversed: its refunds and disputes are to be read. */
  | 'reversal'
  /** The attempt failed; paying again makes a new one. */
  | 'failed'
  /** Not decided at Paystack yet. */
  | 'open'
  /** A webhook that proves nothing: verify the reference at Paystack. */
  | 'needs_verification'
  | 'unknown_reference';
