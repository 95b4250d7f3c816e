import { randomUUID } from 'node:crypto';

/** The key of an action that is no repeat. */
export const newActionKey = () => randomUUID();

/** Input of admin.ship: all that is left of the order in one parcel. */
export function aParcelOf(id: string, trackingNumber = 'T-1') {
  return { id, key: newActionKey(), carrier: 'GIG', trackingNumber };
}
