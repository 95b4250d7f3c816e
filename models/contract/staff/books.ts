import { z } from 'zod';
import { instant } from '../fields.ts';

/** The result of the audit that runs beside the shop. */
export const booksView = z.strictObject({
  /** All orders placed until then were checked and found right; null before the first whole round. */
  provedUntil: instant.nullable(),
  /** Known violations that were not seen repaired; 50 at most. */
  violations: z.int().min(0),
  /** When the first of them was found. */
  since: instant.nullable(),
});
