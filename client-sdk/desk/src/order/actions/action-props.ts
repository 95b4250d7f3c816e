import type { StaffOrder } from '@orders-module/client';

export interface OrderActionProps {
  order: StaffOrder;
  onDone: (outcome: string) => void;
}

/** An action on the order as a whole. */
export interface WholeOrderActionProps extends OrderActionProps {
  offered: boolean;
}

/** The text of a field of the dialog, trimmed. */
export function textOf(form: FormData, name: string): string {
  return String(form.get(name) ?? '').trim();
}
