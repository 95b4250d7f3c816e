/** Saves files that only their owner may read. */
import { useMutation } from '@tanstack/react-query';
import { currentSession, expireSession } from './session.ts';

/** How long the browser may take to read the file that it saves, ms. */
const SAVED_WITHIN_MS = 60_000;

/** A link would not do: the token must not stand in an address. */
export function useDownload(path: string, fileName: string) {
  return useMutation({
    mutationFn: async () => {
      const reply = await fetch(path, { headers: { authorization: `Bearer ${currentSession()?.token ?? ''}` } });
      if (reply.status === 401) expireSession();
      if (!reply.ok) throw new Error(`the shop answered ${reply.status}`);
      const address = URL.createObjectURL(await reply.blob());
      const link = Object.assign(document.createElement('a'), { href: address, download: fileName });
      link.click();
      window.setTimeout(() => URL.revokeObjectURL(address), SAVED_WITHIN_MS);
    },
  });
}
