/** Shared by all endpoints. */
import type { Domain, Records } from '../ledger/records.ts';
import { findByIdOrReference } from '../ledger/transactions.ts';
import type { Simulators } from '../simulator/simulators.ts';
import type { Switches } from '../switches.ts';

export interface EndpointsOptions {
  records: Records;
  simulators: Simulators;
  domain: Domain;
  switches: () => Switches;
  now: () => Date;
  onChange: () => void;
  /** The checkout page's address for an access code. */
  checkoutUrl: (accessCode: string) => string;
}

/** Calls name a transaction by id or by reference; the log and the faults use the reference. */
export function referenceOf(records: Records, key: unknown): string | null {
  if (typeof key !== 'string' && typeof key !== 'number') return null;
  return findByIdOrReference(records, String(key))?.reference ?? String(key);
}

export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
