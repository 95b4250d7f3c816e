import { FailedPage } from '../../../parts/page/failed-page.tsx';

export function FailedDeskPage() {
  return <FailedPage app="the desk" wayOut={{ href: '/desk', words: 'To the first page' }} />;
}
