/** A mail server on loopback in a process of its own that accepts everything and keeps nothing. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';

export async function startMailSink(): Promise<{ url: string; stop(): Promise<void> }> {
  const child = fork(import.meta.filename, ['--sink']);
  const [port] = (await once(child, 'message')) as [number];
  const stop = async (): Promise<void> => {
    const ended = once(child, 'exit');
    child.disconnect();
    await ended;
  };
  return { url: `smtp://127.0.0.1:${port}`, stop };
}

if (process.argv.includes('--sink')) {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onData: (stream, _session, done) => {
      stream.resume();
      stream.on('end', () => done());
    },
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1', () => {
    const address = server.server.address();
    process.send?.(typeof address === 'object' && address ? address.port : 0);
  });
  process.once('disconnect', () => process.exit(0));
}
