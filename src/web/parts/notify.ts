import { notifications } from '@mantine/notifications';

/** Says that something is done, in one line. */
export function say(message: string): void {
  notifications.show({ message, color: 'persiana', autoClose: 5000 });
}

/** Says that something did not work, with the server's sentence. */
export function sayFailure(error: unknown): void {
  notifications.show({
    message: error instanceof Error ? error.message : String(error),
    color: 'red',
    autoClose: 10_000,
  });
}
