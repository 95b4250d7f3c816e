import { client } from '../../../../parts/data/client.ts';
import { StaffAction } from '../../ui/staff-action.tsx';
import type { WholeOrderActionProps } from './action-props.ts';

export function RetrySettlement({ order: { id, code, settlement }, offered, onDone }: WholeOrderActionProps) {
  return (
    <StaffAction
      orderId={id}
      offered={offered}
      label="Retry settlement"
      title={`Settle order ${code} again?`}
      working="Asking…"
      act={() => client.admin.retrySettlement.mutate({ id })}
      done="Back in the queue. This page shows the outcome in a moment."
      onDone={onDone}
    >
      <p>It failed {settlement.attempts} times. The last error was:</p>
      <p className="code-block">{settlement.lastError ?? 'not recorded'}</p>
    </StaffAction>
  );
}

export function RetryStuck({ order: { id, code, stuck }, offered, onDone }: WholeOrderActionProps) {
  return (
    <StaffAction
      orderId={id}
      offered={offered}
      label="Try again"
      title={`Try again what failed on order ${code}?`}
      working="Saving…"
      act={() => client.admin.retryStuck.mutate({ id })}
      done="It is tried again. This page shows the outcome in a moment."
      onDone={onDone}
    >
      {stuck.map(({ work, attempts, lastError }) => (
        <div key={work}>
          <p>It failed {attempts} times. The last error was:</p>
          <p className="code-block">{lastError}</p>
        </div>
      ))}
    </StaffAction>
  );
}
