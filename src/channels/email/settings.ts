import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
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
  const stored = await loadStored(connection);
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
    // Without a domain of its own the signature is for the sender's: a key that is there is never left unused.
    dkim:
      key && fromAddress !== ''
        ? {
            domain: stored.dkimDomain || fromAddress.slice(fromAddress.lastIndexOf('@') + 1),
            selector: stored.dkimSelector,
            key,
          }
        : null,
    dkimDomain: stored.dkimDomain,
    dkimSelector: stored.dkimSelector,
  };
}

/** The address at which the shop reads what its customers answer, or an empty text. */
export async function loadReplyAddress(connection: Connection): Promise<string> {
  const { replyTo, fromAddress } = await loadStored(connection);
  return replyTo || fromAddress || ((await loadBusiness(connection))?.email ?? '');
}

async function loadStored(connection: Connection): Promise<z.infer<typeof storedSchema>> {
  return storedSchema.parse((await loadSetting(connection, 'email')) ?? {});
}

/** Below this receivers do not accept a signature (RFC 8301). */
const KEY_MIN_BITS = 1024;

/**
 * Reads an RSA private key and tries it; anything else would leave mails unsigned, or with a signature that nobody accepts,
 * without an error. Failure `dkim_key_wrong`.
 */
export function readDkimKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    throw new Failure('dkim_key_wrong', { cause });
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== 'rsa' || bits < KEY_MIN_BITS || !isWhole(key))
    throw new Failure('dkim_key_wrong');
  return key;
}

/** Whether what the key signs is verified by its public half. */
function isWhole(key: KeyObject): boolean {
  const probe = Buffer.from('probe');
  try {
    return verify('sha256', probe, createPublicKey(key), sign('sha256', probe, key));
  } catch {
    return false;
  }
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
  const before = await loadStored(connection);
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
