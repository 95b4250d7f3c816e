/** The table of permissions applied to one person, in words. The caller passes the role as it was read for this call. */
import { isStaff, may, type Permission, type Role, rolesWith, type StaffRole } from '../contract/permissions.ts';
import { AppError } from '../errors.ts';

const IN_WORDS: Record<StaffRole, string> = {
  owner: 'an owner',
  manager: 'a manager',
  support: 'support',
  packer: 'a packer',
};

/** Why this role may not do it, as the end of a sentence; null when it may. */
export function whyNot(role: Role, permission: Permission): string | null {
  if (may(role, permission)) return null;
  return isStaff(role)
    ? `it needs ${listed(rolesWith(permission).map((one) => IN_WORDS[one]))}`
    : 'only staff may do it';
}

/** Throws FORBIDDEN for customers, and for staff whose role lacks the permission. */
export function assertMay(role: Role, permission: Permission): asserts role is StaffRole {
  const why = whyNot(role, permission);
  if (why !== null) throw new AppError('FORBIDDEN', `Your account may not do this: ${why}.`);
}

function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} or ${last}`;
}
