/** admin: products from the rows of a CSV. Every row is checked first; each product changes wholly or not at all. */
import { importProducts, previewImport } from '../../../../models/catalogue/import/import-products.ts';
import {
  importInput,
  importOutcome,
  importPreview,
  previewImportInput,
} from '../../../../models/contract/desk/product-import.ts';
import { staffActor } from '../../../../models/order/history.ts';
import { router, staffProcedure } from '../../trpc.ts';

export const adminImportRouter = router({
  /** The changes that the rows would make of each product, or their faults. Writes nothing. */
  previewImport: staffProcedure('editCatalogue')
    .input(previewImportInput)
    .output(importPreview)
    .mutation(async ({ ctx: { app }, input }) => {
      const rules = { withStock: input.withStock ?? false, currency: app.config.currency };
      return { products: await previewImport(app.db, input, rules) };
    }),

  /** Changes the products whose rows have no fault. The same file again does only what is left. */
  importProducts: staffProcedure('editCatalogue')
    .input(importInput)
    .output(importOutcome)
    .mutation(async ({ ctx: { app, user }, input }) => {
      const rules = { withStock: input.withStock ?? false, currency: app.config.currency };
      const expected = new Map((input.expect ?? []).map(({ product, digest }) => [product, digest]));
      const actor = staffActor(user._id);
      const products = await importProducts(app.db, input, expected, rules, { actor, now: app.clock.now() });
      const changed = products.filter(({ outcome }) => outcome === 'done').length;
      if (changed > 0) app.events.catalogChanged({ kind: 'imported', products: changed, actor });
      return { products };
    }),
});
