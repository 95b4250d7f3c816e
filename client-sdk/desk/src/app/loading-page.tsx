import { PageTitle } from '../../../parts/page/page-title.tsx';
import { Loading, Skeleton } from '../../../parts/ui/loading.tsx';

export function LoadingPage() {
  return (
    <div className="page">
      <PageTitle title="One moment" className="visually-hidden" />
      <Loading what="the page">
        <Skeleton size="title" />
        <Skeleton size="block" />
      </Loading>
    </div>
  );
}
