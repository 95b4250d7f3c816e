import { useEffect } from 'react';
import { THEME_ID, themePath } from '../../../../models/contract/pages/looks.ts';
import { useShopLooks } from '../../../parts/data/shop.ts';

/** Follows a change of the shop's colour on an open page. The server puts the link into the page's HTML. */
export function useTheme(): void {
  const colour = useShopLooks()?.colour;
  useEffect(() => {
    if (colour === undefined) return;
    const known = document.getElementById(THEME_ID);
    if (colour === null) known?.remove();
    else if (known?.getAttribute('href') !== themePath(colour)) {
      const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', id: THEME_ID });
      link.href = themePath(colour);
      known?.remove();
      document.head.append(link);
    }
  }, [colour]);
}
