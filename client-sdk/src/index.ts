/**
 * @orders-module/client: the typed way to talk to an orders module, in browsers and in Node. Inside this repository
 * import this file from source; published is what the build makes of it.
 */
export { newCheckoutKey } from './checkout-key.ts';
export { createOrdersClient, type OrdersClient, type OrdersClientOptions, type Token } from './client.ts';
export {
  type ErrorDetails,
  isConnectionError,
  isOrdersError,
  type OrdersError,
  type OrdersErrorCode,
  type OrdersErrorData,
  type Shortage,
} from './errors.ts';
export { formatMoney, type Money, parseMoney } from './money.ts';
export type { AppRouter, RouterInputs, RouterOutputs } from './router.ts';
export type * from './types.ts';
