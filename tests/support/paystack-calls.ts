/** One call of every operation of Paystack's service. */
import type { PaystackPort } from '../../jobs/ports.ts';
import { EMAIL } from './paystack-wrong-answers.ts';

export const PERIOD = { from: new Date(0), to: new Date(1), page: 1 };
const FILE = { bytes: Buffer.from('%PDF-1.7'), contentType: 'application/pdf' } as const;
const EVIDENCE = {
  customerEmail: EMAIL,
  customerName: 'Ada',
  customerPhone: '+2348012345678',
  serviceDetails: 'a lamp',
};

export type PaystackCalls = Record<keyof PaystackPort, (service: PaystackPort) => Promise<unknown>>;

/** `uploadHost`: the address of the store that takes files. */
export const paystackCalls = (uploadHost: () => string): PaystackCalls => ({
  initialize: (service) =>
    service.initialize({
      reference: 'r-1',
      email: EMAIL,
      total: { amount: 5_000, currency: 'NGN' },
      callbackUrl: 'https://shop.example/verify',
      cancelUrl: 'https://shop.example/cart',
      metadata: { orderId: 'o-1', code: 'ABC' },
    }),
  verify: (service) => service.verify('r-1'),
  listCharges: (service) => service.listCharges({ ...PERIOD, status: 'success' }),
  listRefundsPage: (service) => service.listRefundsPage(PERIOD),
  listDisputesPage: (service) => service.listDisputesPage(PERIOD),
  listPayouts: (service) => service.listPayouts({ page: 1 }),
  listPayoutCharges: (service) => service.listPayoutCharges({ payoutId: '1', page: 1 }),
  createRefund: (service) =>
    service.createRefund({
      reference: 'r-1',
      amount: { amount: 5_000, currency: 'NGN' },
      merchantNote: 'rf:1',
      customerNote: `for ${EMAIL}`,
    }),
  listRefunds: (service) => service.listRefunds({ gatewayId: '1' }),
  getRefund: (service) => service.getRefund('1'),
  sendRefundAccount: (service) =>
    service.sendRefundAccount({
      gatewayRefundId: '1',
      currency: 'NGN',
      account: { accountNumber: '0123456789', bankId: '9' },
    }),
  listBanks: (service) => service.listBanks({ currency: 'NGN' }),
  listDisputes: (service) => service.listDisputes({ gatewayId: '1' }),
  getDispute: (service) => service.getDispute('1'),
  findReference: (service) => service.findReference('1'),
  submitEvidence: (service) => service.submitEvidence('1', EVIDENCE),
  requestUpload: (service) => service.requestUpload('1', 'receipt.pdf'),
  uploadFile: (service) => service.uploadFile(`${uploadHost()}/secret-address`, FILE),
  resolveDispute: (service) =>
    service.resolveDispute('1', {
      resolution: 'decline',
      message: `for ${EMAIL}`,
      refundAmount: 0,
      fileName: 'f',
      evidenceId: null,
    }),
});
