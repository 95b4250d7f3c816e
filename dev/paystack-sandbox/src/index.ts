/** Everything that other programs use of the sandbox. */
export type { ApiRoute, FaultRule } from './api/fault-script.ts';
export type { LoggedRequest } from './api/mount-api.ts';
export type { Outcome } from './checkout/checkout-page.ts';
export { RECORDS_FILE } from './ledger/persistence.ts';
export type { Channel, WaitingPayment } from './ledger/records.ts';
export { type CardName, cardNamed, type TestCard } from './ledger/test-cards.ts';
export type { Ledger, LedgerTransaction, PaystackSandbox, ReleaseOrder, SendWebhookInput } from './sandbox.ts';
export type { PayOptions, PayResult } from './simulator/payment-simulator.ts';
export { type Clock, type PaystackSandboxOptions, startPaystackSandbox } from './start.ts';
export { defaultSwitches, type SwitchChanges, type Switches } from './switches.ts';
export type { WebhookMode, WebhookRule } from './webhooks/webhook-rules.ts';
export type { WebhookDelivery } from './webhooks/webhook-sender.ts';
