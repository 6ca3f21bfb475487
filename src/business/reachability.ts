import type { z } from 'zod';
import { sentence } from '../kernel/catalogue/index.ts';
import type { Language } from '../kernel/language.ts';
import type { reachabilitySchema } from './schema.ts';

const TIMEOUT_MS = 5_000;

/**
 * Tests how the customers' pages are reached: by HTTPS of our own, through a proxy or tunnel, or not at all. The page
 * is fetched from the public address itself; what a router refuses from the inside shows as not reachable here.
 */
export async function checkReachability(
  publicUrl: string | null,
  language: Language,
): Promise<z.infer<typeof reachabilitySchema>> {
  if (!publicUrl)
    return { kind: 'none', publicUrl, isReachable: false, sentence: sentence('reachability.none', language) };
  const isReachable = await answers(publicUrl);
  const isSecure = publicUrl.startsWith('https://');
  const key = !isReachable
    ? 'reachability.not_answering'
    : isSecure
      ? 'reachability.working'
      : 'reachability.not_secure';
  return {
    kind: 'proxy_or_tunnel',
    publicUrl,
    isReachable,
    sentence: sentence(key, language, { url: publicUrl }),
  };
}

async function answers(publicUrl: string): Promise<boolean> {
  try {
    const response = await fetch(`${publicUrl}/healthz`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'manual',
    });
    return response.ok;
  } catch {
    return false;
  }
}
