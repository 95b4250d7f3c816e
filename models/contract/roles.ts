/** What a user may do, as a closed list. */

export const ROLES = ['customer', 'staff'] as const;
export type Role = (typeof ROLES)[number];
