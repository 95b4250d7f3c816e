/** Where pages find the shop's colour and logo. */

/** `id` of the link to the style sheet with the shop's colour. */
export const THEME_ID = 'shop-theme';

/** The style sheet with the links' and buttons' colours made of `colour`, as `#rrggbb`. Its content never changes. */
export function themePath(colour: string): string {
  return `/theme/${colour.slice(1)}.css`;
}

export function logoPath(pictureId: string): string {
  return `/pictures/${pictureId}/logo.png`;
}
