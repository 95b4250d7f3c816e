/** Each has a page of the storefront, once the shop has written it. */
export const POLICIES = ['returns', 'delivery', 'privacy'] as const;
export type PolicyName = (typeof POLICIES)[number];

export const POLICY_TITLES: Readonly<Record<PolicyName, string>> = {
  returns: 'Returns and refunds',
  delivery: 'Delivery',
  privacy: 'Privacy',
};
