import type { Permission } from '../../models/contract/permissions.ts';

/** `own order`: the customer whose order it is; others get NOT_FOUND. A permission: the roles of staff that have it. */
export type Caller = 'anyone' | 'signed in' | 'own order' | Permission;

/** For the table of procedures in docs/api-and-errors.md; a test holds that each procedure of the router has one. */
export const PROCEDURE_NOTES: Record<string, { caller: Caller; does: string }> = {
  'shop.info': {
    caller: 'anyone',
    does: 'the name, contact, logo, colour and policies of the shop, and the currencies that it takes orders in',
  },
  'shop.policy': {
    caller: 'anyone',
    does: 'the text of one policy, with marks for headings, lists, strong words and links',
  },
  'auth.register': { caller: 'anyone', does: 'makes an account and signs in. Not with `JWKS_URL`' },
  'auth.login': { caller: 'anyone', does: 'gives a bearer token. Not with `JWKS_URL`' },
  'auth.signOut': {
    caller: 'signed in',
    does: 'ends the session of this token and of those that renewed it; `everywhere`: every session of the account',
  },
  'auth.forgotPassword': {
    caller: 'anyone',
    does: 'sends a link that sets a new password, once a minute at most, if the address has an account. Reply and time are the same for every address. Not with `JWKS_URL`',
  },
  'auth.resetPassword': {
    caller: 'anyone',
    does: 'sets the password by such a link, which works once within 30 minutes; ends every session and signs in',
  },
  'auth.verifyEmail': {
    caller: 'anyone',
    does: 'verifies the email address by the link that registering sends; may be repeated',
  },
  'auth.sendVerification': { caller: 'signed in', does: 'sends that link once more, once a minute at most' },
  'account.setProfile': { caller: 'signed in', does: 'replaces name and phone number' },
  'account.changePassword': {
    caller: 'signed in',
    does: 'replaces the password; ends every session and begins a new one here. Not with `JWKS_URL`',
  },
  'account.addresses': { caller: 'signed in', does: 'the saved addresses, at most ten, the last used first' },
  'account.saveAddress': { caller: 'signed in', does: 'adds an address, or replaces one' },
  'account.removeAddress': { caller: 'signed in', does: 'removes an address; may be repeated' },
  'account.sessions': { caller: 'signed in', does: "the account's live sessions with their devices" },
  'account.endSession': { caller: 'signed in', does: 'ends one session, whose next call is refused' },
  'account.endOtherSessions': {
    caller: 'signed in',
    does: 'ends every session and begins a new one here. Not with `JWKS_URL`',
  },
  'auth.me': { caller: 'signed in', does: 'the account of the token, with the permissions of its role' },
  'catalog.products': {
    caller: 'anyone',
    does: 'pages of products, by words in any writing and by category; `matches` says how they agree with the search',
  },
  'catalog.product': {
    caller: 'anyone',
    does: 'one product with its variants and whether each is in stock, also by a slug that it had before',
  },
  'catalog.productById': { caller: 'anyone', does: 'the same by its id, which orders keep' },
  'cart.get': { caller: 'signed in', does: "the caller's cart at today's prices, with shortages per line" },
  'cart.quote': {
    caller: 'anyone',
    does: 'prices a cart that only the browser keeps, as `cart.get` would; stores nothing. `seenPrice`: the price shown last, in `currency`, which the visitor chose',
  },
  'cart.seen': {
    caller: 'signed in',
    does: 'the shopper was shown these prices: their change is reported no more. May be repeated',
  },
  'cart.addItem': { caller: 'signed in', does: 'adds units to the line of the variant, or makes the line' },
  'cart.ensure': {
    caller: 'signed in',
    does: 'makes sure of at least these units of each line, so that twice is once; reports the lines that cannot be put in. `seenPrice`: the price shown last, in `currency`',
  },
  'cart.setCurrency': { caller: 'signed in', does: 'the cart at its prices in another of its `currencies`' },
  'cart.setQuantity': { caller: 'signed in', does: 'sets the quantity of a line' },
  'cart.removeItem': { caller: 'signed in', does: 'removes a line; may be repeated' },
  'cart.clear': { caller: 'signed in', does: 'empties the cart' },
  'orders.initializePayment': {
    caller: 'signed in',
    does: 'makes an order of the cart and opens a payment page; send the browser to `authorizationUrl`. May be repeated with the same `checkoutKey`',
  },
  'orders.get': { caller: 'own order', does: 'one order' },
  'orders.list': {
    caller: 'signed in',
    does: "pages of the caller's orders with what was paid and went back, newest first, by status",
  },
  'orders.cancel': { caller: 'own order', does: 'cancels a pending order; what was paid is refunded' },
  'orders.watch': {
    caller: 'own order',
    does: 'server-sent events: the order now, then after each change. 5 per user, 15 minutes each',
  },
  'admin.payouts': {
    caller: 'viewPayouts',
    does: "pages of Paystack's payouts, newest first, each proved or with what differs",
  },
  'admin.payout': { caller: 'viewPayouts', does: 'one payout' },
  'admin.payoutCharges': { caller: 'viewPayouts', does: 'pages of the charges in a payout, with fees' },
  'admin.awaitedPayout': {
    caller: 'viewPayouts',
    does: 'the money that is captured and in no payout yet, by currency, as the last pass over the payouts has counted it',
  },
  'admin.unpaidCharges': {
    caller: 'viewPayouts',
    does: 'pages of charges that were captured three business days ago and are in no payout, the oldest first',
  },
  'admin.previewImport': {
    caller: 'editCatalogue',
    does: 'what rows of a CSV would change of each product, or their faults; `withStock` counts changes of stock in. Changes nothing',
  },
  'admin.importProducts': {
    caller: 'editCatalogue',
    does: 'changes the products of such rows, each wholly or not at all; the same `file` again does only what is left',
  },
  'admin.createProduct': { caller: 'editCatalogue', does: 'makes a product with its first variants, all or nothing' },
  'admin.editProduct': {
    caller: 'editCatalogue',
    does: 'changes the given fields of a product; orders keep what they were sold as',
  },
  'admin.archiveProduct': { caller: 'editCatalogue', does: 'archives a product with all its variants' },
  'admin.createVariant': { caller: 'editCatalogue', does: 'makes a variant; its first stock is a row of the ledger' },
  'admin.editVariant': {
    caller: 'editCatalogue',
    does: 'changes title or prices of a variant; orders keep their price',
  },
  'admin.archiveVariant': { caller: 'editCatalogue', does: 'archives a variant' },
  'admin.restoreProduct': {
    caller: 'editCatalogue',
    does: 'sells an archived product again, by its slug, with the variants archived with it',
  },
  'admin.setPictures': {
    caller: 'editCatalogue',
    does: 'replaces the pictures of a product, 8 at most; `POST /admin/pictures` takes the files',
  },
  'admin.restoreVariant': { caller: 'editCatalogue', does: 'sells an archived variant again, by its SKU' },
  'admin.adjustStock': {
    caller: 'adjustStock',
    does: 'adds or removes units, with a reason; the same `key` again takes no effect',
  },
  'admin.orders': {
    caller: 'viewOrders',
    does: 'pages of a `list` with filters: text, status, email, code, reference, tag, product, channel, delivery, days, or what needs attention; lists of work begin with the oldest',
  },
  'admin.products': {
    caller: 'viewCatalogue',
    does: 'pages of products with price from, stock and reserved units, archived ones too; by words, the beginning of a SKU, or low stock',
  },
  'admin.product': {
    caller: 'viewCatalogue',
    does: 'one product with all its variants, archived ones too, and who changed what',
  },
  'admin.stockRows': {
    caller: 'viewCatalogue',
    does: "pages of a variant's stock ledger, newest first",
  },
  'admin.previewAdjustStock': { caller: 'adjustStock', does: 'the effects of `admin.adjustStock` now; writes nothing' },
  'admin.previewCountStock': {
    caller: 'adjustStock',
    does: 'the effects of `admin.countStock` now, with a digest for `expect`; writes nothing',
  },
  'admin.countStock': {
    caller: 'adjustStock',
    does: 'sets the free stock to what was `counted` on the shelf, less what waits there for orders; only while the free stock is `shown`; once for a `key`',
  },
  'admin.today': {
    caller: 'viewOrders',
    does: 'what waits for staff: to ship with the age of the oldest, unpaid, needs attention, disputes with the nearest deadline, failed emails; until when the books are proved',
  },
  'admin.sales': {
    caller: 'viewSales',
    does: 'sales of today and the thirty days before per currency, and the best sellers; at most some minutes old',
  },
  'admin.orderCounts': { caller: 'viewOrders', does: 'how many orders each list has, up to 1,001' },
  'admin.order': { caller: 'viewOrders', does: 'one order with its whole timeline' },
  'admin.ship': {
    caller: 'ship',
    does: 'records a parcel or a ready pick-up, of all that is left to ship or of some `lines`; `key` becomes its id',
  },
  'admin.shipMany': {
    caller: 'shipMany',
    does: 'ships up to 25 orders; each row has a key and an outcome; a row with a known tracking number is done before',
  },
  'admin.correctShipment': {
    caller: 'correctShipment',
    does: 'corrects carrier and tracking number; the customer is told if the email about the parcel has left',
  },
  'admin.voidShipment': { caller: 'voidShipment', does: 'voids a shipment: its units are to be shipped again' },
  'admin.deliver': {
    caller: 'deliver',
    does: 'records that a parcel arrived or a pick-up was collected; `shipmentId` may be left out when one is under way',
  },
  'admin.undoDeliver': { caller: 'undoDeliver', does: 'takes back a delivery that was recorded by mistake' },
  'admin.carriers': { caller: 'viewOrders', does: 'the carriers with the link to their tracking page' },
  'admin.setCarriers': {
    caller: 'settings',
    does: 'replaces the carriers; a link is an https address with `{tracking}` in the place of the number',
  },
  'admin.cancel': {
    caller: 'cancel',
    does: 'cancels a pending order, or a confirmed one that has not left, and gives back all that is left; `restockRest`: whether its units go into stock',
  },
  'admin.refund': {
    caller: 'refund',
    does: 'refunds by lines, delivery or amount; `key`: the same again takes no effect, and becomes the refund’s id',
  },
  'admin.retryRefund': {
    caller: 'retryRefund',
    does: 'requests a refund again that needs attention and that Paystack never accepted',
  },
  'admin.sendRefundAccount': {
    caller: 'retryRefund',
    does: "sends the customer's bank account to Paystack for a refund that needs it; it is stored nowhere",
  },
  'admin.refundBanks': { caller: 'retryRefund', does: 'lists the banks that such a refund can go to' },
  'admin.recordRefundPaidElsewhere': {
    caller: 'recordPaidElsewhere',
    does: 'records that the customer got the money by another way',
  },
  'admin.recordPaidElsewhere': {
    caller: 'recordPaidElsewhere',
    does: 'records a payment to the customer outside Paystack; `key` names the action, and a repeat changes nothing',
  },
  'admin.disputeDraft': {
    caller: 'answerDispute',
    does: 'the evidence against a dispute as drafted from the order, and the most that accepting it can give back',
  },
  'admin.disputeReceipt': {
    caller: 'answerDispute',
    does: 'the receipt that Paystack gets where staff attach no file: a PDF in base 64',
  },
  'admin.previewAnswerDispute': {
    caller: 'answerDispute',
    does: 'the effects of `admin.answerDispute` now, with a digest for `expect`; writes nothing. `accept` needs `acceptDispute` as well',
  },
  'admin.answerDispute': {
    caller: 'answerDispute',
    does: 'stores the answer to a dispute, which processDisputes brings to Paystack; `accept` needs `acceptDispute` as well; `key`: the same again takes no effect',
  },
  'admin.retrySettlement': { caller: 'retrySettlement', does: 'puts a parked order back into the settlement queue' },
  'admin.retryStuck': { caller: 'retryStuck', does: 'tries again what failed eight times on the order alone' },
  'admin.resolveReview': {
    caller: 'resolveReview',
    does: 'accepts or refunds money in review, or enters how much of a reversed charge went back',
  },
  'admin.staff': {
    caller: 'people',
    does: 'everybody with a role of staff and when they were last seen, and the open invitations',
  },
  'auth.invitation': {
    caller: 'anyone',
    does: 'the invitation of a link that owners send: address, role and shop. Not with `JWKS_URL`',
  },
  'auth.acceptInvitation': {
    caller: 'anyone',
    does: 'makes the account with this password, or gives the customer of the address the role; works once, and signs in. Not with `JWKS_URL`',
  },
  'admin.invite': {
    caller: 'people',
    does: 'emails a link that makes somebody a member of staff, or sends the open one again; works for seven days; once for a `key`. Not with `JWKS_URL`',
  },
  'admin.withdrawInvitation': { caller: 'people', does: 'the link of the address works no more; may be repeated' },
  'admin.removeStaff': {
    caller: 'people',
    does: 'takes every permission away and signs the account out everywhere. Refused for the last owner',
  },
  'admin.setRole': {
    caller: 'people',
    does: 'gives the account another role; `customer` takes all permissions away. Refused for the last owner',
  },
  'admin.endSessions': { caller: 'people', does: 'signs the account out everywhere; it may sign in again' },
  'admin.limits': {
    caller: 'settings',
    does: "support's refunds of one order, and the number of units that is a low stock",
  },
  'admin.setLimits': {
    caller: 'settings',
    does: 'replaces the limits; without `supportRefund`, any sum; without `lowStock`, 5. They hold from the next call',
  },
  'admin.shopSettings': {
    caller: 'settings',
    does: 'name, contact, address for replies and who gets emails to staff',
  },
  'admin.setShopSettings': {
    caller: 'settings',
    does: 'replaces them all under `version`; pages and emails follow within 5 s',
  },
  'admin.appearance': { caller: 'settings', does: 'logo and colour of pages and emails' },
  'admin.previewColour': {
    caller: 'settings',
    does: 'the contrast of a colour, and the shades that pages and emails would use; changes nothing',
  },
  'admin.setAppearance': {
    caller: 'settings',
    does: 'replaces both under `version`; `POST /admin/logo` takes the file',
  },
  'admin.policies': { caller: 'settings', does: 'the texts of the policies; null for one that is not written' },
  'admin.setPolicies': {
    caller: 'settings',
    does: 'replaces them all under `version`; pages and emails follow within 5 s',
  },
  'admin.jobs': {
    caller: 'jobs',
    does: 'the last run of each kind of job with its outcome, and the newest failures with their orders',
  },
  'admin.runSweep': {
    caller: 'jobs',
    does: 'lets a worker sweep at once; `admin.jobs` shows its outcome. May be repeated',
  },
  'admin.watch': {
    caller: 'viewOrders',
    does: 'server-sent events: kind and id of what has changed, once a second at most; ends when role or session ends. 5 per user, 15 minutes each',
  },
  'admin.previewShip': {
    caller: 'ship',
    does: 'the effects of `admin.ship` now, with a digest for `expect`; writes nothing',
  },
  'admin.previewShipMany': { caller: 'shipMany', does: 'the same for each row of `admin.shipMany`' },
  'admin.previewVoidShipment': { caller: 'voidShipment', does: 'the same for `admin.voidShipment`' },
  'admin.previewCancel': { caller: 'cancel', does: 'the same for `admin.cancel`' },
  'admin.previewRefund': { caller: 'refund', does: 'the same for `admin.refund`' },
  'admin.previewResolveReview': { caller: 'resolveReview', does: 'the same for `admin.resolveReview`' },
  'admin.resendEmail': {
    caller: 'resendEmail',
    does: 'sends a sent or failed email of the order once more; once for a `key`',
  },
  'admin.sendPaymentLink': {
    caller: 'sendPaymentLink',
    does: 'emails the customer the link to pay a pending order; once for a `key`',
  },
  'admin.correctContact': {
    caller: 'correctContact',
    does: 'corrects email, name or phone in any state of the order; a new email sends what could not be sent',
  },
  'admin.correctAddress': {
    caller: 'correctAddress',
    does: 'corrects the address until nothing is left to ship; prices stay, and `differs` names what is different from the checkout',
  },
  'admin.emptyCorrections': { caller: 'correctContact', does: 'deletes the values that corrections replaced' },
  'admin.addNote': { caller: 'addNote', does: 'adds a note for staff, 30 at most; once for a `key`' },
  'admin.removeNote': { caller: 'addNote', does: 'removes a note' },
  'admin.setTags': { caller: 'setTags', does: 'replaces the tags, 10 at most; `admin.orders` finds orders by `tag`' },
  'admin.books': {
    caller: 'viewOrders',
    does: 'until when the audit has found all orders right, and how many violations it knows',
  },
  'admin.failedEmails': {
    caller: 'viewOrders',
    does: 'pages of emails that could not be sent or did not arrive, the oldest failure first; those `to` an account or staff for 30 days',
  },
};
