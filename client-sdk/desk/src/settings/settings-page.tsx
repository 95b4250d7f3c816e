/** The shop's settings, for owners, in parts that are saved one by one. */
import { useQuery } from '@tanstack/react-query';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { FailedState } from '../../../parts/ui/empty-state.tsx';
import { Loading, Skeleton } from '../../../parts/ui/loading.tsx';
import { settingsQuery } from '../data/shop-settings.ts';
import { AppearanceForm } from './appearance-form.tsx';
import { CarriersForm } from './carriers-form.tsx';
import { LimitsForm } from './limits-form.tsx';
import { PoliciesForm } from './policies-form.tsx';
import { ShopForm } from './shop-form.tsx';

export function SettingsPage() {
  const settings = useQuery(settingsQuery);
  return (
    <div className="page page-form">
      <PageTitle title="Settings of the shop" />
      {settings.isPending ? (
        <Loading what="the settings">
          <Skeleton size="block" />
        </Loading>
      ) : settings.data === undefined ? (
        <FailedState error={settings.error} onRetry={() => settings.refetch()} />
      ) : (
        <>
          <ShopForm stored={settings.data.shop} />
          <AppearanceForm stored={settings.data.looks} />
          <PoliciesForm stored={settings.data.texts} />
          <CarriersForm stored={settings.data.parcels} />
          <LimitsForm stored={settings.data.bounds} />
        </>
      )}
    </div>
  );
}
