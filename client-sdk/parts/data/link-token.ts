import { useEffect, useState } from 'react';

/** The token of the link that opened this page, or was opened in its place; null if there is none. */
export function useLinkToken(): string | null {
  const [token, setToken] = useState(tokenInAddress);
  useEffect(() => {
    const take = () => {
      const next = tokenInAddress();
      if (next === null) return;
      setToken(next);
      // It leaves the address bar and the history.
      window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
    };
    take();
    window.addEventListener('hashchange', take);
    return () => window.removeEventListener('hashchange', take);
  }, []);
  return token;
}

function tokenInAddress(): string | null {
  const token = window.location.hash.slice(1);
  return token === '' ? null : token;
}
