import { useMutation } from '@tanstack/react-query';
import { ErrorNotice } from '../../../parts/ui/notice.tsx';
import { openJobs } from '../data/agendash.ts';

/** Agendash is a page of its own, which has no session: it gets this one's for its own addresses. */
export function JobsLink() {
  const open = useMutation({ mutationFn: openJobs });
  return (
    <>
      <button
        type="button"
        className="link-button"
        aria-disabled={open.isPending}
        onClick={() => (open.isPending ? undefined : open.mutate())}
      >
        {open.isPending ? 'Opening Agendash…' : 'Jobs in Agendash'}
      </button>
      {open.isError ? <ErrorNotice error={open.error} /> : null}
    </>
  );
}
