import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { launcher, runCommand, startProgram, temporaryFolder } from '../support/commands.ts';

const folder = temporaryFolder();
const data = join(folder, 'dati');
mkdirSync(data);

const file = join(folder, 'vendite di ottobre.csv');
const lines = [
  'Data;N. scontrino;Tessera;Descrizione;Reparto;Q.tà;Importo',
  ...Array.from({ length: 40 }, (_, index) => `${String(1 + (index % 28)).padStart(2, '0')}/0${1 + (index % 9)}/2026;${index};T${index % 5};Miele;Dispensa;1;9,50`), // prettier-ignore
  '03/10/2026;90;;Pane;Forno;1;2,00',
  '04/10/2026;91;T1;Miele;Dispensa;-1;-9,50',
  '04/10/2026;92;T1;Miele;Dispensa;una;9,50',
];
writeFileSync(file, lines.join('\n'));
const mapping = join(folder, 'lettura.json');
writeFileSync(
  mapping,
  JSON.stringify({
    source: 'cassa',
    columns: { date: 'Data', number: 'N. scontrino', card: 'Tessera', description: 'Descrizione', category: 'Reparto', quantity: 'Q.tà', amount: 'Importo' }, // prettier-ignore
  }),
);

describe('the commands, one after another on one folder', () => {
  it('import reads a file by a mapping and counts everything; the second time it accepts nothing', async () => {
    const words = ['import', file, '--mapping', mapping, '--json'];
    const first = await runCommand(words, { data });
    expect(first.json()).toMatchObject({
      read: 43,
      accepted: 42,
      rejected: 1,
      duplicates: 0,
      returns: 1,
      anonymous: 1,
      rejects: { quantity_unreadable: 1 },
    });
    expect(first.json<{ seconds: number }>().seconds).toBeGreaterThan(0);
    expect([first.exitCode, first.errors]).toEqual([4, '']);
    const second = await runCommand(words, { data });
    expect(second.json()).toMatchObject({
      read: 43,
      accepted: 0,
      rejected: 1,
      duplicates: 42,
      returns: 0,
      anonymous: 0,
    });
  });

  it('import says to a person what became of the file, in their language', async () => {
    const italian = await runCommand(['import', file, '--mapping', mapping], { data });
    expect(italian.output).toContain('0 nuove, 42 già note, 1 scartate.');
    expect(italian.output).toContain('1  la quantità non si legge\nLe righe scartate restano in Importa');
    const english = await runCommand(['import', file, '--mapping', mapping], { data, environment: { LANG: 'en_GB.UTF-8' } }); // prettier-ignore
    expect(english.output).toContain('1  the quantity cannot be read\nRejected rows stay under Import');
  });

  it('plan, approve, send and results speak to machines', async () => {
    const plan = await runCommand(['plan', '--date', '2026-10-10', '--json'], { data });
    expect(plan.exitCode).toBe(0);
    expect(Object.keys(plan.json())).toEqual(['date', 'candidates', 'verdicts', 'reasons', 'valueCents', 'boundCents', 'horizonDays', 'gap', 'days', 'messages']); // prettier-ignore
    expect(plan.json()).toMatchObject({ date: '2026-10-10', messages: [] });
    expect(await runCommand(['approve', '--date', '2026-10-10', '--json'], { data })).toMatchObject({
      exitCode: 0,
    });
    const sent = await runCommand(['send', '--json'], { data });
    expect(sent.json()).toEqual({
      sent: 0,
      withheld: 0,
      cancelled: 0,
      failed: 0,
      unknown: 0,
      retried: 0,
      handed: 0,
    });
    const results = await runCommand(['results', '--from', '2026-09-01', '--to', '2026-10-10', '--json'], {
      data,
    });
    expect(results.json()).toMatchObject({ from: '2026-09-01', to: '2026-10-10', verdict: 'too_early' });
  });

  it('doctor looks at everything and says with its exit code whether somebody is needed', async () => {
    const doctor = await runCommand(['doctor', '--json'], { data });
    const { checks } = doctor.json<{ checks: { id: string; state: string }[] }>();
    expect(checks.map(({ id }) => id)).toEqual(['database', 'disk', 'key', 'links', 'consents', 'messages', 'mail', 'pages', 'ticks']); // prettier-ignore
    expect(doctor.exitCode).toBe(checks.some(({ state }) => state === 'problem') ? 4 : 0);
    expect(checks.find(({ id }) => id === 'links')?.state).toBe('ok');
  });

  it('backup and restore move everything into a folder that has the key', async () => {
    const backup = join(folder, 'bottega.bentornato');
    const written = await runCommand(['backup', backup, '--json'], { data });
    expect(written.exitCode).toBe(0);
    const other = join(folder, 'altrove');
    mkdirSync(other);
    cpSync(join(data, 'secret.key'), join(other, 'secret.key'));
    const restored = await runCommand(['restore', backup, '--json'], { data: other });
    const { rows, tables } = written.json<{ rows: number; tables: number }>();
    expect(restored.json()).toMatchObject({ rows, tables });
    const again = await runCommand(['import', file, '--mapping', mapping, '--json'], { data: other });
    expect(again.json()).toMatchObject({ accepted: 0, duplicates: 42 });
  });

  it('a command joins the database of a running program, and leaves it running', async () => {
    const program = await startProgram({ data });
    const health = async (): Promise<unknown> => (await fetch(`${program.url}/api/health`)).json();
    expect(await health()).toMatchObject({ status: 'ok' });
    const more = join(folder, 'novembre.csv');
    writeFileSync(more, `${lines[0]}\n03/11/2026;200;T1;Miele;Dispensa;1;9,50\n`);
    const imported = await runCommand(['import', more, '--mapping', mapping, '--json'], { data });
    expect(imported.json()).toMatchObject({ accepted: 1 });
    expect(await health()).toMatchObject({ status: 'ok' });
    expect(await program.stop()).toBe(0);
    expect(existsSync(join(data, 'postgres', 'data', 'postmaster.pid'))).toBe(false);
  });

  it('a program that joined the database of a command starts it again when the command ends', async () => {
    const many = join(folder, 'molte.csv');
    const sale = (index: number): string => `0${1 + (index % 9)}/10/2026;${1000 + index};T${index % 300};Miele;Dispensa;1;9,50`; // prettier-ignore
    writeFileSync(many, [lines[0], ...Array.from({ length: 100_000 }, (_, index) => sale(index))].join('\n'));
    const importing = runCommand(['import', many, '--mapping', mapping, '--json'], { data });
    for (let waited = 0; !existsSync(join(data, 'postgres', 'owner.pid')) && waited < 600; waited += 1)
      await new Promise((resolve) => setTimeout(resolve, 50));
    const program = await startProgram({ data });
    expect((await importing).json()).toMatchObject({ accepted: 100_000 });
    const isWell = (): Promise<boolean> =>
      fetch(`${program.url}/api/health`).then(
        ({ ok }) => ok,
        () => false,
      );
    for (let waited = 0; !(await isWell()) && waited < 400; waited += 1)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(program.child.exitCode, program.errors()).toBeNull();
    expect(await isWell()).toBe(true);
    // Nor does it end when the server is killed under its hands.
    const serverPid = (): number => {
      const file = join(data, 'postgres', 'data', 'postmaster.pid');
      return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : 0;
    };
    const killed = serverPid();
    process.kill(killed, 'SIGKILL');
    const isRevived = async (): Promise<boolean> => serverPid() !== killed && (await isWell());
    for (let waited = 0; !(await isRevived()) && waited < 400; waited += 1)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(program.child.exitCode, program.errors()).toBeNull();
    expect(await isWell()).toBe(true);
    expect(await program.stop()).toBe(0);
  });
});

describe('what is off in a command', () => {
  it.each([
    [['fai'], 'Il comando «fai» non c’è.', 'There is no command "fai".'],
    [['plan', '--giorno', '3'], 'L’opzione «--giorno» non c’è.', 'There is no option "--giorno".'],
    [['plan', '--date', '2026-02-30'], '«2026-02-30» non è una data. Scrivila così: 2026-11-24.', '"2026-02-30" is not a day. Write it like this: 2026-11-24.'], // prettier-ignore
    [['import', 'x.csv', '--kind', 'altro'], '«altro» non si può scegliere. Scegli tra: sales, contacts.', '"altro" cannot be chosen. Choose one of: sales, contacts.'], // prettier-ignore
    [['backup'], 'Dopo il comando manca: file.', 'After the command something is missing: file.'],
  ])('%j is said in the language of the person, with exit code 2', async (words, italian, english) => {
    const [machine, person] = await Promise.all([
      runCommand([...words, '--json']),
      runCommand(words, { environment: { LC_ALL: 'en_GB.UTF-8' } }),
    ]);
    expect([machine.exitCode, machine.output]).toEqual([2, '']);
    expect(machine.failure()).toEqual({ code: 'usage', message: italian });
    expect([person.exitCode, person.errors]).toEqual([2, `${english}\nAll commands: ./bentornato --help\n`]);
  });

  it('that could not be done is a sentence for a person and a code for a machine, with exit code 3', async () => {
    const environment = { DATABASE_URL: 'mysql://localhost/negozio' };
    const machine = await runCommand(['doctor', '--json'], { data: join(folder, 'x'), environment });
    expect([machine.exitCode, machine.output, machine.failure().code]).toEqual([3, '', 'database_url_wrong']);
    const person = await runCommand(['doctor'], { data: join(folder, 'x'), environment });
    expect(person.errors).toBe(`${machine.failure().message}\n`);
  });
});

describe('the launcher', () => {
  it('works from any folder, through a link, and with nothing but an old Node on the path', async () => {
    const link = join(folder, 'bentornato');
    symlinkSync(launcher, link);
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }; // prettier-ignore
    for (const [program, cwd] of [
      [launcher, '/'],
      [link, folder],
      ['./bentornato', folder],
    ] as const) {
      const ended = await runCommand(['--version'], { program, cwd, environment: { PATH: '/usr/bin:/bin' } });
      expect([ended.exitCode, ended.output.trim(), ended.errors]).toEqual([0, version, '']);
    }
  });

  it('without its packaged Node says how to get it, with exit code 69', async () => {
    const alone = join(folder, 'solo');
    mkdirSync(alone);
    cpSync(launcher, join(alone, 'bentornato'));
    const ended = await runCommand(['--version'], { program: join(alone, 'bentornato') });
    expect(ended.exitCode).toBe(69);
    expect(ended.errors).toContain('npm ci');
  });

  it('takes a file by its name in the folder where it is called', async () => {
    const ended = await runCommand(['import', 'non-ce.csv', '--json'], {
      cwd: folder,
      data: join(folder, 'x'),
      environment: { DATABASE_URL: 'postgres://127.0.0.1:1/negozio' },
    });
    expect(ended.failure().code).toBe('database_unreachable');
  });
});
