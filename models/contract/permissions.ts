/** The roles of people, and what each role of staff may do. The server looks in this table at each call, whichever way it comes. */
export const STAFF_ROLES = ['owner', 'manager', 'support', 'packer'] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

export const ROLES = ['customer', ...STAFF_ROLES] as const;
export type Role = (typeof ROLES)[number];

const OWNERS = ['owner'] as const;
const MANAGERS = ['owner', 'manager'] as const;
const SUPPORT = ['owner', 'manager', 'support'] as const;
const PACKERS = ['owner', 'manager', 'packer'] as const;
const ALL = STAFF_ROLES;

/** A permission is named after the procedure that needs it, or after the part of the shop that several procedures change. */
const ROLES_OF = {
  acceptDispute: MANAGERS,
  addNote: ALL,
  adjustStock: PACKERS,
  answerDispute: SUPPORT,
  cancel: SUPPORT,
  correctAddress: SUPPORT,
  correctContact: SUPPORT,
  correctShipment: ALL,
  deliver: ALL,
  editCatalogue: MANAGERS,
  exportOrders: MANAGERS,
  jobs: MANAGERS,
  people: OWNERS,
  recordPaidElsewhere: MANAGERS,
  refund: SUPPORT,
  resendEmail: SUPPORT,
  resolveReview: MANAGERS,
  retryRefund: SUPPORT,
  retrySettlement: SUPPORT,
  retryStuck: SUPPORT,
  sendPaymentLink: SUPPORT,
  setTags: ALL,
  settings: OWNERS,
  ship: PACKERS,
  shipMany: PACKERS,
  undoDeliver: ALL,
  viewCatalogue: ALL,
  viewOrders: ALL,
  viewPayouts: MANAGERS,
  viewSales: MANAGERS,
  voidShipment: PACKERS,
} as const satisfies Record<string, readonly StaffRole[]>;

export type Permission = keyof typeof ROLES_OF;

export const PERMISSIONS = Object.keys(ROLES_OF) as [Permission, ...Permission[]];

export function may(role: Role, permission: Permission): boolean {
  const roles: readonly Role[] = ROLES_OF[permission];
  return roles.includes(role);
}

/** The roles that have the permission, most powerful first. */
export function rolesWith(permission: Permission): readonly StaffRole[] {
  return STAFF_ROLES.filter((role) => may(role, permission));
}

/** In the order of PERMISSIONS; empty for a customer. */
export function permissionsOf(role: Role): Permission[] {
  return PERMISSIONS.filter((permission) => may(role, permission));
}

export function isStaff(role: Role): role is StaffRole {
  return role !== 'customer';
}
