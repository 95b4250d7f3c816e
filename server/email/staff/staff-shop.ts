export interface StaffShop {
  shopName: string;
  /** With or without a slash at its end. */
  storefrontUrl: string;
  timeZone: string;
}

/** The address of a page of staff; `path` is empty for their start page. */
export function staffPage({ storefrontUrl }: Pick<StaffShop, 'storefrontUrl'>, path = ''): string {
  return `${storefrontUrl.replace(/\/+$/, '')}/staff${path}`;
}
