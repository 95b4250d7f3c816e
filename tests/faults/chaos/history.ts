/** The operations of shoppers and staff with their replies, which the checker compares with the system's state. */

/** ok: a reply. fail: a definite refusal. unknown: all else; the operation may have taken effect, or may still. */
export type Outcome = 'ok' | 'fail' | 'unknown';

export interface Operation {
  id: number;
  actor: string;
  /** e.g. `initializePayment`, `pay`, `ship`. */
  name: string;
  input: Record<string, unknown>;
  invokedAt: number;
  endedAt?: number;
  outcome?: Outcome;
  /** The part of the reply that the checker reads; the error code for fail. */
  value?: unknown;
}

export class History {
  readonly operations: Operation[] = [];

  /** Records `call` as an operation. Resolves with null if it fails; never rejects. */
  async record<T>(
    actor: string,
    name: string,
    input: Record<string, unknown>,
    call: () => Promise<T>,
  ): Promise<T | null> {
    const operation: Operation = { id: this.operations.length + 1, actor, name, input, invokedAt: Date.now() };
    this.operations.push(operation);
    try {
      const value = await call();
      Object.assign(operation, { outcome: 'ok', value });
      return value;
    } catch (error) {
      const code = definiteCode(error);
      Object.assign(
        operation,
        code === null ? { outcome: 'unknown', value: String(error).slice(0, 200) } : { outcome: 'fail', value: code },
      );
      return null;
    } finally {
      operation.endedAt = Date.now();
    }
  }

  named(name: string, outcome?: Outcome): Operation[] {
    return this.operations.filter(
      (operation) => operation.name === name && (outcome === undefined || operation.outcome === outcome),
    );
  }
}

/** Codes of refusals before any write. An operation that ended with 5xx may have taken effect. */
const DEFINITE = new Set([
  'INVALID_INPUT',
  'CART_EMPTY',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'INSUFFICIENT_STOCK',
  'PRICE_CHANGED',
  'ORDER_STATE_CONFLICT',
  'PREVIEW_OUTDATED',
  'CHECKOUT_KEY_REUSED',
  'TOO_MANY_UNPAID_ORDERS',
  'REFUND_EXCEEDS_PAYMENT',
  'RATE_LIMITED',
]);

function definiteCode(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('data' in error)) return null;
  const { data } = error;
  if (typeof data !== 'object' || data === null || !('code' in data) || typeof data.code !== 'string') return null;
  return DEFINITE.has(data.code) ? data.code : null;
}
