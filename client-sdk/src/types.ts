/**
 * Names for the inputs and outputs of procedures, inferred from the router. Amounts are integers in the currency's
 * subunit (kobo, cent), instants are ISO 8601 in UTC.
 */
import type { RouterInputs, RouterOutputs } from './router.ts';

export type Currency = RouterOutputs['cart']['get']['currency'];

// The shop
export type ShopInfo = RouterOutputs['shop']['info'];

// Accounts
export type Session = RouterOutputs['auth']['login'];
export type Account = RouterOutputs['auth']['me'];
export type Role = Account['role'];
export type Permission = Account['permissions'][number];
export type RegisterInput = RouterInputs['auth']['register'];
export type LoginInput = RouterInputs['auth']['login'];
export type ProfileInput = RouterInputs['account']['setProfile'];
export type SavedAddress = RouterOutputs['account']['addresses']['items'][number];
export type AccountSession = RouterOutputs['account']['sessions']['items'][number];

// Catalogue
export type ProductsInput = RouterInputs['catalog']['products'];
export type ProductPage = RouterOutputs['catalog']['products'];
export type ProductSummary = ProductPage['items'][number];
export type FromPrice = ProductSummary['fromPrices'][number];
export type Product = RouterOutputs['catalog']['product'];
export type ProductVariant = Product['variants'][number];

// Cart
export type Cart = RouterOutputs['cart']['get'];
export type CartLine = Cart['lines'][number];
export type CartProblem = Cart['problems'][number];
export type CartItemInput = RouterInputs['cart']['addItem'];
export type EnsuredCart = RouterOutputs['cart']['ensure'];
export type MissedLine = EnsuredCart['missed'][number];

// Checkout and orders
export type InitializePaymentInput = RouterInputs['orders']['initializePayment'];
export type InitializePaymentOutput = RouterOutputs['orders']['initializePayment'];
export type ShippingAddress = InitializePaymentInput['shippingAddress'];
export type OrdersInput = RouterInputs['orders']['list'];
export type OrderPage = RouterOutputs['orders']['list'];
export type OrderSummary = OrderPage['items'][number];
export type Order = RouterOutputs['orders']['get'];
export type OrderLine = Order['items'][number];
export type OrderRefund = Order['refunds'][number];
export type OrderShipment = NonNullable<Order['shipment']>;
export type OrderTimelineEntry = Order['timeline'][number];
export type OrderStatus = Order['status'];
export type PaymentStatus = Order['paymentStatus'];
export type RefundState = OrderRefund['state'];

// Staff
export type StaffShipment = StaffOrder['shipments'][number];
export type ShipInput = RouterInputs['admin']['ship'];
export type ShipManyInput = RouterInputs['admin']['shipMany'];
export type ShipManyOutput = RouterOutputs['admin']['shipMany'];
export type StaffProduct = RouterOutputs['admin']['createProduct'];
export type StaffProductRow = RouterOutputs['admin']['products']['items'][number];
export type StaffProductDetail = RouterOutputs['admin']['product'];
export type StockRow = RouterOutputs['admin']['stockRows']['items'][number];
export type StockPreview = RouterOutputs['admin']['previewCountStock'];
export type ProductImportInput = RouterInputs['admin']['importProducts'];
export type ImportedProduct = RouterOutputs['admin']['previewImport']['products'][number];
export type ProductImportOutcome = RouterOutputs['admin']['importProducts']['products'][number];
export type StaffVariant = RouterOutputs['admin']['createVariant'];
export type StaffOrdersInput = RouterInputs['admin']['orders'];
export type StaffOrderPage = RouterOutputs['admin']['orders'];
export type Today = RouterOutputs['admin']['today'];
export type Sales = RouterOutputs['admin']['sales'];
export type OrderCounts = RouterOutputs['admin']['orderCounts'];
export type StaffOrderSummary = StaffOrderPage['items'][number];
export type StaffOrder = RouterOutputs['admin']['order'];
export type StaffPayment = StaffOrder['payments'][number];
export type StaffRefund = StaffOrder['refunds'][number];
export type RefundInput = RouterInputs['admin']['refund'];
export type StaffEmail = StaffOrder['emails'][number];
export type StaffDispute = StaffOrder['disputes'][number];
export type AnswerDisputeInput = RouterInputs['admin']['answerDispute'];
export type DisputeDraft = RouterOutputs['admin']['disputeDraft'];
export type StaffOrderAction = StaffOrder['actions'][number];
export type StaffNote = StaffOrder['notes'][number];
export type StaffCorrection = StaffOrder['corrections'][number];
export type StaffActor = StaffNote['by'];
export type Books = RouterOutputs['admin']['books'];
export type FailedEmailPage = RouterOutputs['admin']['failedEmails'];
export type FailedEmail = FailedEmailPage['items'][number];
/** A payout of Paystack's to the shop's bank account, proved or with what differs. */
export type Payout = RouterOutputs['admin']['payout'];
export type PayoutCharge = RouterOutputs['admin']['payoutCharges']['items'][number];
/** The money that is captured and in no payout yet. */
export type AwaitedPayout = RouterOutputs['admin']['awaitedPayout'];
/** A charge that was captured three business days ago and is in no payout. */
export type UnpaidCharge = RouterOutputs['admin']['unpaidCharges']['items'][number];
export type ActionPreview = RouterOutputs['admin']['previewShip'];
export type ShopSettings = RouterOutputs['admin']['shopSettings'];
export type ShopSettingsInput = RouterInputs['admin']['setShopSettings'];
export type ShopSettingsChange = RouterOutputs['admin']['setShopSettings'];
export type StaffInvitation = RouterOutputs['admin']['invite'];
export type StaffAccount = RouterOutputs['admin']['staff']['items'][number];
export type StaffTimelineEntry = StaffOrder['timeline'][number];
