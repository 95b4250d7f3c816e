/** One email is one customer, with the same number and code in every reply. */
import { createHash } from 'node:crypto';
import type { JsonObject } from '../ledger/records.ts';

export function customerView({ email }: { email: string }): JsonObject {
  const digest = createHash('sha256').update(email.toLowerCase()).digest();
  return {
    id: 100_000_000 + (digest.readUInt32BE(0) % 100_000_000),
    first_name: null,
    last_name: null,
    email,
    customer_code: `CUS_${digest.toString('hex', 4, 12).slice(0, 15)}`,
    phone: null,
    metadata: null,
    risk_action: 'default',
    international_format_phone: null,
  };
}
