/** The contract's proposal for a refund, declared with this package's own types, so that its declarations stand by themselves. */
import * as contract from '../../models/contract/staff/refund-proposal.ts';

/** Amounts are in subunits of the order's currency. */
export interface RefundableOrder {
  /** Every line of the order. */
  lines: readonly { lineId: number; unitPrice: number; toShip: number; withCustomer: number }[];
  shippingFee: number;
  /** True once a refund has taken the delivery fee. */
  deliveryRefunded: boolean;
  /** The rest of the payment. */
  left: number;
}

export interface ChosenRefund {
  /** Each line once. `unshipped`: units that will not be sent; `shipped`: units that came back. */
  lines: readonly { lineId: number; unshipped: number; shipped: number }[];
  delivery: boolean;
}

export interface RefundProposal {
  /** Σ units × unit price. */
  items: number;
  /** The delivery fee, or 0. */
  delivery: number;
  /** The server refunds it when no amount is given. */
  amount: number;
  /** True when the last unit and the delivery go: then no other amount is possible. */
  isAll: boolean;
}

/** The amount that admin.refund proposes for these lines, as the server computes it. */
export function proposeRefund(order: RefundableOrder, chosen: ChosenRefund): RefundProposal {
  return contract.proposeRefund(order, chosen);
}
