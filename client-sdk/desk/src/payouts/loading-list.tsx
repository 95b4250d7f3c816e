import { Loading, Skeleton } from '../../../parts/ui/loading.tsx';

export function LoadingList({ what }: { what: string }) {
  return (
    <Loading what={what}>
      <Skeleton size="block" />
    </Loading>
  );
}
