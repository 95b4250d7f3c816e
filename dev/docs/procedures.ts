/**
 * The router as data: every procedure with its kind and its schemas. At run time tRPC keeps the procedures in a flat object,
 * under names that its types omit. Only this file reads them, and it throws if their structure has changed.
 */
import { z } from 'zod';
import { appRouter } from '../../server/trpc/router.ts';

export interface ProcedureEntry {
  /** `orders.get` */
  path: string;
  type: 'query' | 'mutation' | 'subscription';
  inputs: z.ZodType[];
  /** As the procedure itself says; absent for one that names nothing. */
  access?: string | undefined;
  /** Null for a procedure that promises nothing. */
  output: z.ZodType | null;
}

const definition = z.object({
  type: z.enum(['query', 'mutation', 'subscription']),
  inputs: z.array(z.instanceof(z.ZodType)),
  output: z.instanceof(z.ZodType).optional(),
  meta: z.object({ access: z.string() }).optional(),
});

export function allProcedures(): ProcedureEntry[] {
  return Object.entries<unknown>(appRouter._def.procedures).map(([path, procedure]) => {
    if (typeof procedure !== 'function' || !('_def' in procedure)) throw new Error(`${path} is no procedure`);
    const { output = null, meta, ...rest } = definition.parse(procedure._def);
    return { path, ...rest, access: meta?.access, output };
  });
}
