import { useMutation } from '@tanstack/react-query';
import { openJobs } from '../../data/staff-jobs.ts';
import { Button } from '../../parts/button.tsx';
import { ErrorNotice } from '../../parts/notice.tsx';

/** Agendash is a page of its own, which has no session: it gets this one's for its own addresses. */
export function JobsLink() {
  const open = useMutation({ mutationFn: openJobs });
  return (
    <>
      Jobs are shown in{' '}
      <Button look="quiet" busy={open.isPending && 'Opening…'} onClick={() => open.mutate()}>
        Agendash
      </Button>
      .{open.isError ? <ErrorNotice error={open.error} /> : null}
    </>
  );
}
