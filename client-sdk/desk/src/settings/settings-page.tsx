/** The shop's settings, for owners, in parts that are saved one by one. */
import { useQuery } from '@tanstack/react-query';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { Loaded } from '../../../parts/ui/loaded.tsx';
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
      <Loaded of={settings} what="the settings">
        {(data) => (
          <>
            <ShopForm stored={data.shop} />
            <AppearanceForm stored={data.looks} />
            <PoliciesForm stored={data.texts} />
            <CarriersForm stored={data.parcels} />
            <LimitsForm stored={data.bounds} />
          </>
        )}
      </Loaded>
    </div>
  );
}
