import { isOrdersError } from '@orders-module/client';
import { useQuery } from '@tanstack/react-query';
import { POLICY_TITLES, type PolicyName } from '../../../../models/contract/shop/policies.ts';
import { policyQuery } from '../../../parts/data/shop.ts';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { Loaded } from '../../../parts/ui/loaded.tsx';
import { MarkedText } from '../../../parts/ui/marked-text.tsx';
import { NotFoundPage } from './not-found-page.tsx';

/** The address is one of a policy that a shop can have; this shop may not have written it. */
export function PolicyPage({ name }: { name: PolicyName }) {
  const policy = useQuery(policyQuery(name));
  if (isOrdersError(policy.error, 'NOT_FOUND')) return <NotFoundPage />;
  return (
    <div className="page page-narrow">
      <PageTitle title={POLICY_TITLES[name]} />
      <Loaded of={policy} what="the text">
        {(data) => <MarkedText text={data.text} />}
      </Loaded>
    </div>
  );
}
