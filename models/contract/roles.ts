export const ROLES = ['customer', 'staff'] as const;
export type Role = (typeof ROLES)[number];
