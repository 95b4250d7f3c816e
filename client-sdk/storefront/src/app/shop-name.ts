/** The shop's name as its page says it: one place to change, in index.html. */
export const shopName =
  document.querySelector<HTMLMetaElement>('meta[name="application-name"]')?.content.trim() || 'Shop';
