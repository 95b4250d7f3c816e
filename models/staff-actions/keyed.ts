import { type ActionKey, findRepeat } from '../action-key.ts';
import type { Decide } from './preview.ts';

/**
 * `decide` under an idempotency key, which is stored in the history entry. A repeat changes nothing, however the order has
 * moved on since, so that it is answered with what stands. Throws ACTION_KEY_REUSED for another input under the same key.
 */
export function keyed(key: ActionKey, decide: Decide): Decide {
  return (order) => {
    if (findRepeat(order.history, key) !== null) return null;
    const change = decide(order);
    return change === null ? null : { ...change, key };
  };
}
