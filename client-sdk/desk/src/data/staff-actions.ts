/** The staff actions on an order, as the server lists them: a page offers what is allowed, and shows why the rest is not. */
import type { StaffOrder, StaffOrderAction } from '@orders-module/client';

export type StaffActionName = StaffOrderAction['action'];

/** `target`: the charge, refund or email that the action is about; null for the order as a whole. */
export function isAllowed(order: StaffOrder, action: StaffActionName, target: string | null = null): boolean {
  return order.actions.some((one) => one.action === action && one.target === target && one.allowed);
}

/** The actions on the order as a whole that this person may do and the order refuses now, each with its reason. */
export function refusedActions(
  order: StaffOrder,
  permissions: readonly string[],
): { action: StaffActionName; why: string }[] {
  return order.actions.flatMap(({ action, target, why }) =>
    target === null && why !== null && permissions.includes(action) ? [{ action, why }] : [],
  );
}

/** Why an action on the order as a whole is refused now; null when it is allowed. */
export function whyRefused(order: StaffOrder, action: StaffActionName): string | null {
  return order.actions.find((one) => one.action === action && one.target === null)?.why ?? null;
}
