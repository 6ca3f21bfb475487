import { Button } from '@mantine/core';
import { IconLogout } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { call } from '../api.ts';
import { sayFailure } from '../parts/notify.ts';
import { useSession } from './session.ts';

/** Ends the session. The demonstration has no door, hence no way out. */
export function SignOut() {
  const { t } = useTranslation();
  const { isDemonstration } = useSession();
  const leave = useMutation({
    mutationFn: () => call('DELETE', '/api/session'),
    // A fresh page keeps nothing of the person who left.
    onSuccess: () => window.location.assign('/'),
    onError: sayFailure,
  });
  if (isDemonstration) return null;
  return (
    <Button
      variant="subtle"
      color="gray"
      c="var(--ink-2)"
      px="sm"
      leftSection={<IconLogout size={20} aria-hidden="true" />}
      loading={leave.isPending}
      onClick={() => leave.mutate()}
    >
      {t('shell.sign_out')}
    </Button>
  );
}
