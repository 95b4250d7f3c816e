/** The issuer sends the browser back to it after the sign-in. */
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { shopQuery } from '../../../../parts/data/shop.ts';
import { PageTitle } from '../../../../parts/page/page-title.tsx';
import { safePath } from '../../../../parts/page/safe-path.ts';
import { Loading, Skeleton } from '../../../../parts/ui/loading.tsx';
import { ErrorNotice } from '../../../../parts/ui/notice.tsx';
import { navigate } from '../../app/router.tsx';
import { ButtonLink } from '../../parts/button-link.tsx';
import { NotFoundPage } from '../not-found-page.tsx';

export function SignedInPage() {
  const queryClient = useQueryClient();
  const { data: shop } = useQuery(shopQuery);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    complete(queryClient, new URL(window.location.href)).then(
      (next) => next !== null && navigate(safePath(next), { replace: true }),
      setError,
    );
  }, [queryClient]);
  if (shop?.signIn === null) return <NotFoundPage />;
  return (
    <div className="page page-form">
      <PageTitle title="Signing in" />
      {error === null ? (
        <Loading what="your account">
          <Skeleton size="block" />
        </Loading>
      ) : (
        <>
          <ErrorNotice error={error} />
          <ButtonLink to="/sign-in">Sign in again</ButtonLink>
        </>
      )}
    </div>
  );
}

/** One exchange for each address, however often the page renders: its code works once. */
const exchanges = new Map<string, Promise<string>>();

/** The page to open; null where the shop has accounts of its own. */
async function complete(queryClient: QueryClient, address: URL): Promise<string | null> {
  const [{ signIn }, issuer] = await Promise.all([
    queryClient.ensureQueryData(shopQuery),
    import('../../../../parts/data/outside-issuer.ts'),
  ]);
  if (signIn === null) return null;
  const exchange = exchanges.get(address.href) ?? issuer.returnFromIssuer(signIn, address);
  exchanges.set(address.href, exchange);
  return exchange.catch((error: unknown) => Promise.reject(issuer.toSignInError(error)));
}
