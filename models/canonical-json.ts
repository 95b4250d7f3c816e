import { createHash } from 'node:crypto';

/**
 * JSON in one form for equal data: keys sorted, absent and undefined alike. Dates and ids are written by their toJSON.
 * Throws for a number that JSON cannot hold, because two of them would look alike.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(canonical(value)) ?? 'null';
}

export function sha256OfCanonical(value: unknown): Buffer {
  return createHash('sha256').update(canonicalJson(value)).digest();
}

function canonical(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${value} has no form in JSON.`);
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== 'object') return value;
  if ('toJSON' in value && typeof value.toJSON === 'function') return value.toJSON();
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, canonical(part)]),
  );
}
