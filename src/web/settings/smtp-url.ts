/** A mail server as its provider describes it. */
export interface MailServer {
  readonly host: string;
  readonly port: string;
  readonly user: string;
  readonly password: string;
}

export const noServer: MailServer = { host: '', port: '465', user: '', password: '' };

const PORT_OF_TLS = '465';

/** The address under which the program keeps a mail server. On port 465 the line is encrypted from the first byte; elsewhere the server is asked for it. */
export function smtpUrlOf({ host, port, user, password }: MailServer): string {
  if (host.trim() === '') return '';
  const login = user === '' ? '' : `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`;
  return `${port === PORT_OF_TLS ? 'smtps' : 'smtp'}://${login}${host.trim()}:${port}`;
}
