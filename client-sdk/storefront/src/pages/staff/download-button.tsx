import { useDownload } from '../../data/payouts.ts';
import { Button } from '../../parts/button.tsx';

export function DownloadButton({ path, fileName }: { path: string; fileName: string }) {
  const download = useDownload(path, fileName);
  return (
    <div>
      <Button look="secondary" busy={download.isPending && 'Downloading…'} onClick={() => download.mutate()}>
        Download as CSV
      </Button>
      {download.isError ? (
        <p className="line-problem" role="alert">
          The file could not be downloaded. Try again in a moment.
        </p>
      ) : null}
    </div>
  );
}
