import type { ReactNode } from 'react';
import { useDownload } from '../data/download.ts';
import { Button } from './button.tsx';

interface DownloadButtonProps {
  path: string;
  fileName: string;
  children: ReactNode;
}

export function DownloadButton({ path, fileName, children }: DownloadButtonProps) {
  const download = useDownload(path, fileName);
  return (
    <div>
      <Button look="secondary" busy={download.isPending && 'Downloading…'} onClick={() => download.mutate()}>
        {children}
      </Button>
      {download.isError ? (
        <p className="line-problem" role="alert">
          The file could not be downloaded. Try again in a moment.
        </p>
      ) : null}
    </div>
  );
}
