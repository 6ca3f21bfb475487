import { notifications } from '@mantine/notifications';
import i18next from 'i18next';

const closeButton = () => ({ 'aria-label': i18next.t('states.close'), size: 44 });

/** Says that something is done, in one line. */
export function say(message: string): void {
  notifications.show({ message, color: 'persiana', autoClose: 5000, closeButtonProps: closeButton() });
}

/** Says that something did not work, with the server's sentence. */
export function sayFailure(error: unknown): void {
  notifications.show({
    message: error instanceof Error ? error.message : String(error),
    color: 'red',
    autoClose: 10_000,
    closeButtonProps: closeButton(),
  });
}
