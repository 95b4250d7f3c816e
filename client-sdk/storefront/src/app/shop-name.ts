/** The shop's name, which is set in index.html alone. */
export const shopName =
  document.querySelector<HTMLMetaElement>('meta[name="application-name"]')?.content.trim() || 'Shop';
