import type { Delivery } from '../order/order-document.ts';

/** The one way of delivery, at the flat fee of the configuration. */
export const STANDARD_DELIVERY: Delivery = { methodId: 'standard', label: 'Standard delivery' };
