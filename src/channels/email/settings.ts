import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { loadBusiness, loadSetting } from '../../business/actions.ts';
import type { Connection } from '../../database/connection.ts';
import { Failure } from '../../kernel/failure.ts';
import { seal, unseal } from '../../kernel/secret.ts';

const storedSchema = z.object({
  sealedSmtpUrl: z.string().default(''),
  fromName: z.string().default(''),
  fromAddress: z.string().default(''),
  replyTo: z.string().default(''),
  dkimDomain: z.string().default(''),
  dkimSelector: z.string().default('bentornato'),
  sealedDkimKey: z.string().default(''),
});

/** How mail leaves: from the environment and the owner's settings, secrets opened. */
export interface EmailSettings {
  /** `smtp://` or `smtps://` with credentials, or null when no server is known. */
  readonly smtpUrl: string | null;
  readonly isFromEnvironment: boolean;
  readonly fromName: string;
  readonly fromAddress: string;
  readonly replyTo: string;
  readonly dkim: { readonly domain: string; readonly selector: string; readonly key: KeyObject } | null;
  readonly dkimDomain: string;
  readonly dkimSelector: string;
}

/** Loads the mail settings; sender defaults to the shop's own name and address. Failures: `secret_unreadable`, `dkim_key_wrong`. */
export async function loadEmailSettings(
  connection: Connection,
  secretKey: Buffer,
  environment: { smtpUrl: string | null },
): Promise<EmailSettings> {
  const stored = storedSchema.parse((await loadSetting(connection, 'email')) ?? {});
  const business = await loadBusiness(connection);
  const own = stored.sealedSmtpUrl === '' ? null : unseal(secretKey, stored.sealedSmtpUrl);
  const key = stored.sealedDkimKey === '' ? null : readDkimKey(unseal(secretKey, stored.sealedDkimKey));
  const fromAddress = stored.fromAddress || (business?.email ?? '');
  return {
    smtpUrl: environment.smtpUrl ?? own,
    isFromEnvironment: environment.smtpUrl !== null,
    fromName: stored.fromName || [business?.signature, business?.name].filter((part) => part).join(', '),
    fromAddress,
    replyTo: stored.replyTo || fromAddress,
    dkim:
      key && stored.dkimDomain !== ''
        ? { domain: stored.dkimDomain, selector: stored.dkimSelector, key }
        : null,
    dkimDomain: stored.dkimDomain,
    dkimSelector: stored.dkimSelector,
  };
}

/** Reads an RSA private key; anything else would leave mails unsigned without an error, so it is refused here. */
export function readDkimKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    throw new Failure('dkim_key_wrong', { cause });
  }
  if (key.asymmetricKeyType !== 'rsa') throw new Failure('dkim_key_wrong');
  return key;
}

/** What the owner may write; empty secrets leave the stored ones as they are. */
export interface EmailSettingsInput {
  readonly smtpUrl: string;
  readonly fromName: string;
  readonly fromAddress: string;
  readonly replyTo: string;
  readonly dkimDomain: string;
  readonly dkimSelector: string;
  readonly dkimKey?: string | undefined;
}

/** The stored form of the owner's settings, secrets sealed. Failures: `mail_url_wrong`, `dkim_key_wrong`. */
export async function sealEmailSettings(
  connection: Connection,
  secretKey: Buffer,
  input: EmailSettingsInput,
): Promise<unknown> {
  const before = storedSchema.parse((await loadSetting(connection, 'email')) ?? {});
  if (input.smtpUrl !== '') parseSmtpUrl(input.smtpUrl);
  if (input.dkimKey) readDkimKey(input.dkimKey);
  return {
    sealedSmtpUrl: input.smtpUrl === '' ? before.sealedSmtpUrl : seal(secretKey, input.smtpUrl),
    fromName: input.fromName,
    fromAddress: input.fromAddress,
    replyTo: input.replyTo,
    dkimDomain: input.dkimDomain,
    dkimSelector: input.dkimSelector || 'bentornato',
    sealedDkimKey: input.dkimKey ? seal(secretKey, input.dkimKey) : before.sealedDkimKey,
  };
}

/** A mail server's URL taken apart. Failure `mail_url_wrong`. */
export function parseSmtpUrl(text: string): URL {
  try {
    const url = new URL(text);
    if (['smtp:', 'smtps:'].includes(url.protocol) && url.hostname !== '') return url;
  } catch (cause) {
    throw new Failure('mail_url_wrong', { cause });
  }
  throw new Failure('mail_url_wrong');
}
