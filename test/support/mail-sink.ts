import { SMTPServer } from 'smtp-server';
import { afterAll } from 'vitest';

/** What a mail server answers to a recipient: nothing special, or an SMTP error. */
export type Answer = { readonly code: number; readonly text: string } | null;

/** A mail server on loopback that counts what it accepted for whom, and answers as it is told. */
export interface MailSink {
  readonly url: string;
  readonly accepted: Map<string, number>;
  close(): Promise<void>;
}

export async function openMailSink(
  options: {
    readonly answer?: (recipient: string) => Answer;
    readonly onAccepted?: (count: number) => void;
    /** Takes the content and breaks the connection instead of saying so. */
    readonly breaksAfterContent?: boolean;
    /** Credentials without which nobody is let in. */
    readonly account?: { readonly user: string; readonly password: string };
  } = {},
): Promise<MailSink> {
  const accepted = new Map<string, number>();
  let count = 0;
  const server: SMTPServer = new SMTPServer({
    authOptional: !options.account,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    logger: false,
    onAuth: ({ username, password }, _session, done) => {
      const isKnown = username === options.account?.user && password === options.account?.password;
      done(isKnown ? null : new Error('Invalid username or password'), { user: username });
    },
    onRcptTo: ({ address }, _session, done) => {
      const answer = options.answer?.(address) ?? null;
      done(answer ? Object.assign(new Error(answer.text), { responseCode: answer.code }) : null);
    },
    onData: (stream, session, done) => {
      stream.resume();
      stream.on('end', () => {
        for (const { address } of session.envelope.rcptTo) {
          accepted.set(address, (accepted.get(address) ?? 0) + 1);
          count += 1;
        }
        if (options.breaksAfterContent) return breakConnections(server);
        done();
        options.onAccepted?.(count);
      });
    },
  });
  server.on('error', () => undefined); // a client that was killed resets its connection
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const login = options.account ? `${options.account.user}:${options.account.password}@` : '';
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  afterAll(close);
  return { url: `smtp://${login}127.0.0.1:${port}`, accepted, close };
}

/** As a power cut would: the library offers only to take leave. */
function breakConnections(server: SMTPServer): void {
  const { connections } = server as unknown as { connections: Set<{ _socket: { destroy(): void } }> };
  for (const { _socket } of connections) _socket.destroy();
}
