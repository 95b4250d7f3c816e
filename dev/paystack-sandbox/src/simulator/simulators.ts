import { ChannelSimulator } from './channel-simulator.ts';
import { DisputeSimulator } from './dispute-simulator.ts';
import { PaymentSimulator } from './payment-simulator.ts';
import { RefundSimulator, type RefundSimulatorOptions } from './refund-simulator.ts';
import { SettlementSimulator } from './settlement-simulator.ts';

export interface Simulators {
  payments: PaymentSimulator;
  channels: ChannelSimulator;
  refunds: RefundSimulator;
  disputes: DisputeSimulator;
  settlements: SettlementSimulator;
}

export function makeSimulators(options: RefundSimulatorOptions): Simulators {
  return {
    payments: new PaymentSimulator(options),
    channels: new ChannelSimulator(options),
    refunds: new RefundSimulator(options),
    disputes: new DisputeSimulator(options),
    settlements: new SettlementSimulator(options),
  };
}

/** Plans what the time brings, for the records of a sandbox that was stopped. */
export function resume({ channels, refunds, disputes, settlements }: Simulators): void {
  channels.resume();
  refunds.resume();
  disputes.resume();
  settlements.resume();
}
