/** Calls of every procedure of the staff, typed with the package's named types. */
import {
  type ActionPreview,
  type AwaitedPayout,
  type Books,
  type FailedEmail,
  type FromPrice,
  type ImportedProduct,
  newActionKey,
  type Order,
  type OrderCounts,
  type OrdersClient,
  type Payout,
  type PayoutCharge,
  type Product,
  type ProductImportInput,
  type ProductImportOutcome,
  type ProductSummary,
  type Sales,
  type ShopInfo,
  type ShopSettingsChange,
  type StaffAccount,
  type StaffCorrection,
  type StaffInvitation,
  type StaffNote,
  type StaffOrder,
  type StaffOrderSummary,
  type StaffProduct,
  type StaffProductDetail,
  type StaffProductRow,
  type StaffVariant,
  type StockPreview,
  type StockRow,
  type Today,
  type UnpaidCharge,
} from '@orders-module/client';
import { ADDRESS, nullIfRejected } from './shopper.js';

export async function useCatalogue(staff: OrdersClient, slug: string): Promise<Product> {
  const product: StaffProduct = await staff.admin.createProduct.mutate({
    slug,
    title: 'A kettle',
    description: 'Boils water.',
    category: 'Kitchen',
  });
  await staff.admin.editProduct.mutate({ productId: product.id, title: 'A good kettle' });
  const sku = slug.toUpperCase();
  const stocked = { productId: product.id, title: 'Red', price: 150_000, stock: 10 };
  const red: StaffVariant = await staff.admin.createVariant.mutate({ ...stocked, sku, currency: 'NGN' });
  const blue = await staff.admin.createVariant.mutate({ ...stocked, sku: `${sku}-BLUE`, title: 'Blue' });
  await staff.admin.editVariant.mutate({ variantId: red.id, price: 160_000 });
  const { digest } = await staff.admin.previewAdjustStock.mutate({ variantId: red.id, delta: 5 });
  const more = { variantId: red.id, delta: 5, reason: 'found some', expect: digest };
  const { stock: shown } = await staff.admin.adjustStock.mutate({ key: newActionKey(), ...more });
  const count = { variantId: red.id, counted: 20, shown };
  const counting: StockPreview = await staff.admin.previewCountStock.mutate(count);
  await staff.admin.countStock.mutate({ ...count, key: newActionKey(), expect: counting.digest });
  const { items: rows } = await staff.admin.stockRows.query({ variantId: red.id });
  const newest: StockRow | undefined = rows[0];
  const found: StaffProductRow | undefined = (await staff.admin.products.query({ search: sku })).items[0];
  if (found && newest) {
    const detail: StaffProductDetail = await staff.admin.product.query({ productId: found.id });
    if (detail.variants.length === 0 || newest.delta === 0) throw new Error('the product has no variants');
  }
  const row = { row: 1, product: slug, sku, price: '1600.00' };
  const file: Pick<ProductImportInput, 'file' | 'rows'> = { file: '0'.repeat(64), rows: [row] };
  const checked: ImportedProduct[] = (await staff.admin.previewImport.mutate(file)).products;
  const expect = checked.map(({ product: name, digest: shownDigest }) => ({ product: name, digest: shownDigest }));
  const imported: ProductImportOutcome[] = (await staff.admin.importProducts.mutate({ ...file, expect })).products;
  if (imported[0]?.outcome !== 'same') throw new Error('the import changed something');
  await staff.admin.archiveVariant.mutate({ variantId: blue.id });
  const other = await staff.admin.createProduct.mutate({
    slug: `${slug}-2`,
    title: 'B',
    description: 'B',
    category: 'B',
  });
  const archived: boolean = (await staff.admin.archiveProduct.mutate({ productId: other.id })).archived;
  if (!archived) throw new Error('the product is not archived');
  await staff.admin.restoreVariant.mutate({ sku: `${sku}-BLUE` });
  await staff.admin.setPictures.mutate({ productId: product.id, pictures: [] });
  const restored = await staff.admin.restoreProduct.mutate({ slug: `${slug}-2` });
  await staff.admin.archiveProduct.mutate({ productId: restored.id });
  await staff.admin.archiveVariant.mutate({ variantId: blue.id });
  const { items } = await staff.catalog.products.query({ search: 'kettle', category: 'Kitchen', limit: 5 });
  const [card]: ProductSummary[] = items;
  if (card?.slug !== slug) throw new Error('the product is not found');
  const [from]: FromPrice[] = card.fromPrices;
  if (from?.currency !== 'NGN') throw new Error('the product has no price');
  await staff.catalog.productById.query({ id: card.id });
  return staff.catalog.product.query({ slug });
}

/** The procedures on people; the account has its own role again in the end, and is signed out. */
export async function usePeople(owner: OrdersClient, email: string): Promise<StaffAccount> {
  const { role } = await owner.admin.setRole.mutate({ email, role: 'packer' });
  const { items } = await owner.admin.staff.query();
  const packer: StaffAccount | undefined = items.find((one) => one.email === email);
  if (packer?.role !== role) throw new Error('the packer is not listed');
  const invited: StaffInvitation = await owner.admin.invite.mutate({
    email: `new-${email}`,
    role: 'packer',
    key: newActionKey(),
  });
  await owner.admin.withdrawInvitation.mutate({ email: invited.email });
  const link = { token: `${'0'.repeat(24)}.${'0'.repeat(43)}` };
  await nullIfRejected(owner.auth.invitation.mutate(link));
  await nullIfRejected(
    owner.auth.acceptInvitation.mutate({ ...link, name: 'New', password: 'nine lamps above a river' }),
  );
  await owner.admin.setRole.mutate({ email, role: 'customer' });
  await owner.admin.removeStaff.mutate({ email });
  const { version } = await owner.admin.limits.query();
  const limited = await owner.admin.setLimits.mutate({ version, supportRefund: 500_000, lowStock: 4 });
  if (limited.outcome !== 'changed') throw new Error('the limits have changed meanwhile');
  const { outcome: _, ...shop }: ShopSettingsChange = await owner.admin.setShopSettings.mutate({
    ...(await owner.admin.shopSettings.query()),
    shopName: 'Ada’s Shop',
    contact: { email: 'help@shop.example' },
    replyTo: 'help@shop.example',
  });
  await useLooks(owner);
  await useJobs(owner);
  const shown: ShopInfo = await owner.shop.info.query();
  if (shop.version === 0 || shown.currencies.length === 0) throw new Error('the settings were not changed');
  return { ...packer, ...(await owner.admin.endSessions.mutate({ email })) };
}

/** The state of the jobs, and a sweep. */
export async function useJobs(owner: OrdersClient): Promise<number> {
  await owner.admin.runSweep.mutate();
  return (await owner.admin.jobs.query()).jobs.length;
}

/** Logo, colour and policies; they are removed again. */
async function useLooks(owner: OrdersClient): Promise<void> {
  const { light, dark } = await owner.admin.previewColour.mutate({ colour: '#7a1fa2' });
  const before = await owner.admin.appearance.query();
  const looks = await owner.admin.setAppearance.mutate({ version: before.version, colour: light });
  if (looks.colour !== light || dark === '') throw new Error('the colour was not changed');
  const { version } = await owner.admin.setPolicies.mutate({
    version: (await owner.admin.policies.query()).version,
    policies: { returns: 'Within 14 days.' },
  });
  await nullIfRejected(owner.shop.policy.query({ name: 'returns' }));
  const plain = await owner.admin.setPolicies.mutate({ version, policies: {} });
  await owner.admin.setAppearance.mutate({ version: plain.version });
}

/** Resolves with the first item of the staff's stream. */
export async function useStaffStream(staff: OrdersClient): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const subscription = staff.admin.watch.subscribe(undefined, {
      onData: ({ more }) => {
        subscription.unsubscribe();
        resolve(more);
      },
      onError: reject,
    });
  });
}

async function correct(staff: OrdersClient, id: string): Promise<void> {
  await staff.admin.sendPaymentLink.mutate({ id, key: newActionKey() });
  await staff.admin.correctContact.mutate({ id, name: 'Ada Obi-Eze', phone: '+2348000000001' });
  await staff.admin.correctAddress.mutate({ id, address: { ...ADDRESS, line1: '2 Marina' } });
  await staff.admin.addNote.mutate({ id, key: newActionKey(), text: 'Calls before noon.' });
  const { notes, differs, corrections } = await staff.admin.setTags.mutate({ id, tags: ['gift'] });
  const [note]: StaffNote[] = notes;
  const before: StaffCorrection | undefined = corrections[0];
  if (note === undefined || before?.was.name !== 'Ada Obi' || differs.length === 0)
    throw new Error('the order was not corrected');
  await staff.admin.removeNote.mutate({ id, noteId: note.id });
  await staff.admin.emptyCorrections.mutate({ id });
  const failed: FailedEmail[] = (await staff.admin.failedEmails.query({})).items;
  if (failed.length > 0) throw new Error('an email has failed');
  const books: Books = await staff.admin.books.query();
  if (books.violations > 0) throw new Error('the books do not add up');
}

async function usePayouts(staff: OrdersClient): Promise<void> {
  const payouts: Payout[] = (await staff.admin.payouts.query({ state: 'differs' })).items;
  const unpaid: UnpaidCharge[] = (await staff.admin.unpaidCharges.query({})).items;
  if (payouts.length + unpaid.length > 0) throw new Error('some money of the charges has not reached the bank');
  const awaited: AwaitedPayout = await staff.admin.awaitedPayout.query();
  if (awaited.sums.some(({ amount }) => amount <= 0)) throw new Error('an awaited payout of nothing');
  const [payout] = (await staff.admin.payouts.query({})).items;
  if (payout === undefined) return;
  const { id, net } = await staff.admin.payout.query({ id: payout.id });
  const charges: PayoutCharge[] = (await staff.admin.payoutCharges.query({ id })).items;
  if (net > charges.reduce((sum, { amount }) => sum + amount, 0)) throw new Error('more was paid out than captured');
}

async function useShipments(staff: OrdersClient, id: string): Promise<void> {
  const key = newActionKey();
  const parcel = { id, carrier: 'GIG', trackingNumber: '1' };
  await nullIfRejected(staff.admin.previewShipMany.mutate({ rows: [parcel] }));
  await nullIfRejected(staff.admin.ship.mutate({ ...parcel, key }));
  await nullIfRejected(staff.admin.shipMany.mutate({ rows: [{ ...parcel, key: newActionKey() }] }));
  await nullIfRejected(
    staff.admin.correctShipment.mutate({ id, shipmentId: key, carrier: 'GIG', trackingNumber: '2' }),
  );
  await nullIfRejected(staff.admin.deliver.mutate({ id, shipmentId: key }));
  const mistake = { id, shipmentId: key, reason: 'recorded by mistake' };
  await nullIfRejected(staff.admin.undoDeliver.mutate(mistake));
  await nullIfRejected(staff.admin.previewVoidShipment.mutate(mistake));
  await nullIfRejected(staff.admin.voidShipment.mutate(mistake));
  const { version, carriers } = await staff.admin.carriers.query();
  await nullIfRejected(staff.admin.setCarriers.mutate({ version, carriers }));
}

/** Every staff procedure for orders. Most are rejected, because the order is unpaid; in the end it is cancelled. */
export async function useStaff(
  shop: OrdersClient,
  staff: OrdersClient,
  { id, code, txRef }: Order,
): Promise<StaffOrder> {
  const { toShip }: Today = await staff.admin.today.query();
  const { days, bestSellers }: Sales = await staff.admin.sales.query();
  if (toShip.count === 0 && days.length < bestSellers.length) throw new Error('nothing was sold on the days');
  const { to_ship }: OrderCounts = await staff.admin.orderCounts.query();
  if (to_ship > 0) await staff.admin.orders.query({ list: 'to_ship', limit: 1 });
  const page = await staff.admin.orders.query({ code, limit: 1 });
  const summary: StaffOrderSummary | undefined = page.items[0];
  if (summary?.id !== id) throw new Error('staff do not find the order');
  await usePayouts(staff);
  await useShipments(staff, id);
  await nullIfRejected(staff.admin.refund.mutate({ id, key: newActionKey(), amount: 100, note: 'scratched' }));
  await nullIfRejected(staff.admin.retryRefund.mutate({ id, refundId: '0123456789abcdef' }));
  const banks = await nullIfRejected(staff.admin.refundBanks.query({ currency: 'NGN' }));
  const account = { accountNumber: '0123456789', bankId: banks?.[0]?.id ?? '9' };
  await nullIfRejected(staff.admin.sendRefundAccount.mutate({ id, refundId: '0123456789abcdef', ...account }));
  await useDisputes(staff, id);
  const elsewhere = { id, refundId: '0123456789abcdef', note: 'by bank transfer' };
  await nullIfRejected(staff.admin.recordRefundPaidElsewhere.mutate(elsewhere));
  const inCash = { id, key: '0123456789abcdef', amount: 100, note: 'in cash' };
  await nullIfRejected(staff.admin.recordPaidElsewhere.mutate(inCash));
  const shipping: ActionPreview = await staff.admin.previewShip.mutate({ id, carrier: 'GIG', trackingNumber: '1' });
  if (shipping.why === null) throw new Error('an unpaid order can be shipped');
  await staff.admin.previewRefund.mutate({ id, note: 'scratched' });
  await nullIfRejected(staff.admin.previewResolveReview.mutate({ id, reference: txRef, resolution: 'accept' }));
  await nullIfRejected(staff.admin.resolveReview.mutate({ id, reference: txRef, resolution: 'accept' }));
  await nullIfRejected(staff.admin.retrySettlement.mutate({ id }));
  await nullIfRejected(staff.admin.retryStuck.mutate({ id }));
  await correct(staff, id);
  await shop.orders.cancel.mutate({ id });
  const { digest } = await staff.admin.previewCancel.mutate({ id, restockRest: true });
  await staff.admin.cancel.mutate({ id, restockRest: true, expect: digest });
  const order: StaffOrder = await staff.admin.order.query({ id });
  for (const { id: emailId } of order.emails)
    await nullIfRejected(staff.admin.resendEmail.mutate({ id, emailId, key: newActionKey() }));
  return order;
}

async function useDisputes(staff: OrdersClient, id: string): Promise<void> {
  const dispute = { id, disputeId: '1' };
  await nullIfRejected(staff.admin.disputeDraft.query(dispute));
  await nullIfRejected(staff.admin.disputeReceipt.query(dispute));
  const answer = { ...dispute, resolution: 'decline', message: 'It was delivered.' } as const;
  const preview = await nullIfRejected(staff.admin.previewAnswerDispute.mutate(answer));
  const shown = preview === null ? {} : { expect: preview.digest };
  await nullIfRejected(staff.admin.answerDispute.mutate({ ...answer, ...shown, key: newActionKey() }));
}
