import { TRACKING_PLACE } from '../contract/staff/shipments.ts';

export interface Carrier {
  name: string;
  /** The address of a parcel's tracking page, with TRACKING_PLACE in the place of its number. */
  trackingUrl?: string;
}

/** The address where this parcel can be followed; undefined when the carrier is not known or has no link. Pure. */
export function trackingLink(
  carriers: readonly Carrier[],
  { carrier, trackingNumber }: { carrier?: string | undefined; trackingNumber?: string | undefined },
): string | undefined {
  if (carrier === undefined || trackingNumber === undefined) return undefined;
  const name = foldName(carrier);
  const template = carriers.find((known) => foldName(known.name) === name)?.trackingUrl;
  return template?.replaceAll(TRACKING_PLACE, () => encodeURIComponent(trackingNumber));
}

/** People write a carrier's name in any case and spacing. */
export function foldName(name: string): string {
  return name.normalize('NFKC').trim().replace(/\s+/gu, ' ').toLowerCase();
}
