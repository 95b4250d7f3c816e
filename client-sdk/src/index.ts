/** The public interface of @orders-module/client. Inside this repository, import this file from source. */

export { type AttachedFile, type AttachOptions, attachDisputeFile } from './attach-dispute-file.ts';
export { newActionKey, newCheckoutKey } from './checkout-key.ts';
export { createOrdersClient, type OrdersClient, type OrdersClientOptions } from './client.ts';
export { fromCsvCell, toCsvCell } from './csv.ts';
export {
  type ErrorDetails,
  isConnectionError,
  isOrdersError,
  type OrdersError,
  type OrdersErrorCode,
  type OrdersErrorData,
  type Shortage,
} from './errors.ts';
export { describeAmount, formatMoney, type Money, parseMoney } from './money.ts';
export { type OpenedPayment, type PopupOptions, type PopupOutcome, payInPopup } from './pay-in-popup.ts';
export { pictureUrl, type SentPicture, sendLogo, sendPicture } from './pictures.ts';
export { countryCodes, needsState, statesOf } from './places.ts';
export {
  type ChosenRefund,
  proposeRefund,
  type RefundableOrder,
  type RefundProposal,
} from './refund-proposal.ts';
export type { AppRouter, RouterInputs, RouterOutputs } from './router.ts';
export type { FileOptions } from './send-file.ts';
export type { RenewedToken, Token } from './session-token.ts';
export type * from './types.ts';
export { PAYMENT_STATUS_WORDS, REFUND_CAUSE_WORDS, REFUND_STATE_WORDS } from './words.ts';
