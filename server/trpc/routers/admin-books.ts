/** admin: how far the books are proved. */
import { readAuditState } from '../../../models/audit-state/audit-state.ts';
import { booksView } from '../../../models/contract/staff/books.ts';
import { router, staffProcedure } from '../trpc.ts';

export const adminBooksRouter = router({
  books: staffProcedure('viewOrders')
    .output(booksView)
    .query(async ({ ctx }) => {
      const state = await readAuditState(ctx.app.db);
      const found = state?.violations ?? [];
      return {
        provedUntil: state?.provedUntil?.toISOString() ?? null,
        violations: found.length,
        // They are listed in the order in which they were found.
        since: found[0]?.foundAt.toISOString() ?? null,
      };
    }),
});
