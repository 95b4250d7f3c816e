/** The three state machines as data: their states are those of shop and Paystack, and no final state has a way out. */
import { describe, expect, test } from '@jest/globals';
import { ATTEMPT_STATUSES, ORDER_STATUSES, REFUND_STATES } from '../../models/contract/statuses.ts';
import {
  ATTEMPT_TRANSITIONS,
  canAttemptGo,
  canOrderGo,
  canRefundGo,
  isRefundOpen,
  isStepBack,
  ORDER_TRANSITIONS,
  REFUND_TRANSITIONS,
} from '../../models/order/status.ts';

function reachableFrom<State extends string>(start: State, table: Record<State, readonly State[]>): Set<State> {
  const seen = new Set<State>([start]);
  for (const state of seen) for (const next of table[state]) seen.add(next);
  return seen;
}

const pairs = <State extends string>(states: readonly State[], can: (from: State, to: State) => boolean) =>
  states.flatMap((from) => states.filter((to) => can(from, to)).map((to) => `${from} → ${to}`));

describe('an order', () => {
  test('goes exactly these ways', () =>
    expect(pairs(ORDER_STATUSES, canOrderGo)).toEqual([
      'pending → confirmed',
      'pending → cancelled',
      'confirmed → shipped',
      'confirmed → delivered',
      'confirmed → cancelled',
      'confirmed → refunded',
      'shipped → confirmed',
      'shipped → delivered',
      'shipped → refunded',
      'delivered → confirmed',
      'delivered → shipped',
      'delivered → refunded',
    ]));

  test('can reach every status from pending, never returns there, and never leaves its end', () => {
    expect(reachableFrom('pending', ORDER_TRANSITIONS)).toEqual(new Set(ORDER_STATUSES));
    for (const status of ORDER_STATUSES.slice(1))
      expect(reachableFrom(status, ORDER_TRANSITIONS)).not.toContain('pending');
    for (const end of ['cancelled', 'refunded'] as const) expect(ORDER_TRANSITIONS[end]).toEqual([]);
  });
});

test('only a move to an earlier status of a sold order is a step back', () => {
  expect(pairs(ORDER_STATUSES, isStepBack)).toEqual([
    'shipped → confirmed',
    'delivered → confirmed',
    'delivered → shipped',
  ]);
});

describe('a payment attempt', () => {
  test('may succeed late, after it failed or was abandoned', () => {
    for (const earlier of ['created', 'initialized', 'failed', 'abandoned'] as const)
      expect(canAttemptGo(earlier, 'succeeded')).toBe(true);
  });

  test('that succeeded stays so, whatever goes back later', () => {
    expect(ATTEMPT_TRANSITIONS.succeeded).toEqual([]);
    expect(reachableFrom('created', ATTEMPT_TRANSITIONS)).toEqual(new Set(ATTEMPT_STATUSES));
  });
});

describe('a refund', () => {
  test('may skip steps, ends as processed or failed, and is open until then', () => {
    for (const state of REFUND_STATES) {
      const ended = state === 'processed' || state === 'failed';
      expect(REFUND_TRANSITIONS[state].length === 0).toBe(ended);
      expect(isRefundOpen(state)).toBe(!ended);
      if (!ended) for (const end of ['processed', 'failed'] as const) expect(canRefundGo(state, end)).toBe(true);
    }
    expect(canRefundGo('pending', 'requested')).toBe(false);
    expect(canRefundGo('needs_attention', 'requested')).toBe(true);
  });
});
