import { describe, expect, it } from 'vitest';
import { outcomeOfError } from './outcome.ts';

const smtpError = (facts: { code?: string; command?: string; response?: string }): Error =>
  Object.assign(new Error('broken'), {
    ...facts,
    ...(facts.response ? { responseCode: Number(facts.response.slice(0, 3)) } : {}),
  });
const atRecipient = (response: string) => smtpError({ code: 'EENVELOPE', command: 'RCPT TO', response });

describe('the answer of a mail server', () => {
  it.each([
    ['550 5.1.1 no such user', true],
    ['550 5.1.2 Recipient address rejected: Domain not found', true],
    ['556 5.1.10 the domain accepts no mail', true],
    ['550 no such user here', true],
    ['550 5.1.1 <sender@posta.example.it>: Recipient address rejected: User unknown', true],
    ['550 5.2.1 the mailbox is disabled', false],
    ['552 5.2.2 the mailbox is full', false],
  ])('"%s" is about the address (it does not exist: %s)', (response, doesNotExist) => {
    expect(outcomeOfError(atRecipient(response), false)).toEqual({
      kind: 'address_refused',
      detail: response,
      doesNotExist,
    });
  });

  it.each([
    ['550 5.1.8 Sender address rejected: Domain not found'],
    ['550 5.1.8 we do not know your domain'],
    ['553 5.1.7 that is no address'],
    ['550 5.1.0 Sender address rejected: User unknown'],
    ['550 sender verify failed'],
    ['552 5.2.3 the message is too long'],
    ['550 5.7.1 we do not like the content'],
    ['550 5.7.26 not authenticated'],
    ['554 5.7.1 on a block list'],
  ])('"%s" is about us and held against nobody', (response) => {
    expect(outcomeOfError(atRecipient(response), false)).toEqual({ kind: 'refused', detail: response });
  });

  it('to the sender is about us, whatever its words', () => {
    const error = smtpError({ code: 'EENVELOPE', command: 'MAIL FROM', response: '550 5.1.1 who?' });
    expect(outcomeOfError(error, false)).toMatchObject({ kind: 'refused' });
  });

  it.each([['450 4.2.1 busy'], ['421 4.7.0 too many errors'], ['452 4.3.1 no space']])(
    '"%s" is for now, even after the content',
    (response) => {
      const error = smtpError({ code: 'EMESSAGE', command: 'DATA', response });
      expect(outcomeOfError(error, true)).toMatchObject({ kind: 'temporary' });
    },
  );

  it.each([
    ['a connection that is refused', { code: 'ESOCKET', command: 'CONN' }],
    ['a name that is not found', { code: 'EDNS', command: 'CONN' }],
    ['silence', { code: 'ETIMEDOUT', command: 'CONN' }],
    ['a wrong password', { code: 'EAUTH', command: 'AUTH PLAIN', response: '535 5.7.8 no' }],
    ['a greeting that turns us away', { code: 'EPROTOCOL', command: 'CONN', response: '554 go away' }],
  ])('%s says that the server cannot be used now', (_what, facts) => {
    expect(outcomeOfError(smtpError(facts), false)).toMatchObject({ kind: 'unavailable' });
  });

  it.each([['ECONNECTION'], ['ESOCKET'], ['ETIMEDOUT']])(
    'that never came after the content (%s) leaves open whether the mail arrived',
    (code) => {
      const error = smtpError({ code, command: 'CONN' });
      expect(outcomeOfError(error, true)).toEqual({ kind: 'ambiguous', detail: 'broken' });
    },
  );

  it('is kept, but not more than a line or two of it', () => {
    const { detail } = outcomeOfError(atRecipient(`550 5.7.1 ${'x'.repeat(5000)}`), false) as {
      detail: string;
    };
    expect(detail).toHaveLength(500);
  });
});
