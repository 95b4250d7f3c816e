import * as z from 'zod';
import { injectedFaultSchema, isCarriedOutByDefault } from '../http/fault-injection.ts';
import type { Json, JsonObject } from '../ledger/records.ts';
import type { ApiReply } from '../views/envelope.ts';

export const apiRoutes = [
  'initialize',
  'verify',
  'list',
  'transaction.get',
  'transaction.timeline',
  'transaction.totals',
  'transaction.export',
  'refund.create',
  'refund.list',
  'refund.get',
  'refund.retry',
  'bank.list',
  'dispute.list',
  'dispute.get',
  'dispute.evidence',
  'dispute.uploadUrl',
  'dispute.upload',
  'dispute.resolve',
  'dispute.update',
  'dispute.export',
  'settlement.list',
  'settlement.transactions',
] as const;

export type ApiRoute = (typeof apiRoutes)[number];

const jsonSchema: z.ZodType<Json> = z.json();
const jsonObjectSchema: z.ZodType<JsonObject> = z.record(z.string(), jsonSchema);

/** Changes fields of the correct reply: of `data` (or of each entry of a list) and of the envelope. */
const overrideSchema = z.strictObject({
  kind: z.literal('override'),
  httpStatus: z.number().int().min(200).max(599).optional(),
  /** Replaces members of `data`, for instance {amount: '1000'}, {amount: 1e21}, {domain: 'live'}. */
  data: jsonObjectSchema.optional(),
  /** Removes members of `data`. */
  without: z.array(z.string()).optional(),
  /** Added to `data.amount` and, if present, to `data.requested_amount`. */
  amountDelta: z.number().int().optional(),
  /** Replaces members of the envelope, for instance {status: 'false'} or {data: null}. */
  body: jsonObjectSchema.optional(),
});

export const faultRuleSchema = z.strictObject({
  route: z.enum([...apiRoutes, 'any']),
  /** Matches calls about this reference only. */
  reference: z.string().optional(),
  /** The number of calls that it applies to; missing: all until cleared. */
  times: z.number().int().min(1).optional(),
  /**
   * Whether the operation is carried out although the reply is faulty. Missing: true for delay, drip, huge, malformed and
   * override, false for the others. A delay with `false` also delays the operation.
   */
  carriedOut: z.boolean().optional(),
  fault: z.union([injectedFaultSchema, overrideSchema]),
});

export type FaultRule = z.infer<typeof faultRuleSchema>;
export type Override = z.infer<typeof overrideSchema>;

export class FaultScript {
  private rules: FaultRule[] = [];

  /** The newest matching rule applies. Returns a function that removes the rule. */
  add(rule: FaultRule): () => void {
    const added = { ...rule };
    this.rules.unshift(added);
    return () => {
      this.rules = this.rules.filter((other) => other !== added);
    };
  }

  clear(): void {
    this.rules = [];
  }

  /** Returns the rule for this call and uses it up by one. */
  take(route: ApiRoute, reference: string | null): FaultRule | null {
    const rule = this.rules.find(
      (candidate) =>
        (candidate.route === 'any' || candidate.route === route) &&
        (candidate.reference === undefined || candidate.reference === reference),
    );
    if (rule === undefined) return null;
    if (rule.times !== undefined) {
      rule.times -= 1;
      if (rule.times <= 0) this.rules = this.rules.filter((other) => other !== rule);
    }
    return rule;
  }
}

export function isCarriedOut(rule: FaultRule): boolean {
  return rule.carriedOut ?? isCarriedOutByDefault(rule.fault.kind);
}

function overrideEntry(entry: Json, override: Override): Json {
  if (entry === null || typeof entry !== 'object' || Array.isArray(entry)) return entry;
  const changed: JsonObject = { ...entry, ...override.data };
  for (const key of override.without ?? []) delete changed[key];
  for (const key of ['amount', 'requested_amount']) {
    const value = changed[key];
    if (override.amountDelta !== undefined && typeof value === 'number') changed[key] = value + override.amountDelta;
  }
  return changed;
}

export function applyOverride(reply: ApiReply, override: Override): ApiReply {
  const { data } = reply.body;
  const changed = Array.isArray(data)
    ? data.map((entry) => overrideEntry(entry, override))
    : overrideEntry(data ?? null, override);
  return {
    status: override.httpStatus ?? reply.status,
    body: { ...reply.body, ...(data === undefined ? {} : { data: changed }), ...override.body },
  };
}
