/** admin: how far the books are proved. */
import { booksView } from '../../../models/contract/staff/books.ts';
import { router, staffProcedure } from '../trpc.ts';
import { readBooks } from './desk/admin-today.ts';

export const adminBooksRouter = router({
  books: staffProcedure('viewOrders')
    .output(booksView)
    .query(({ ctx }) => readBooks(ctx.app.db)),
});
