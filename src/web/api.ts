import { useQuery } from '@tanstack/react-query';

/** What the server says when something did not work: a sentence for the person and an id for the log. */
export class ApiFailure extends Error {
  readonly code: string;
  readonly requestId: string;

  constructor(answer: { code: string; message: string; requestId: string }) {
    super(answer.message);
    this.code = answer.code;
    this.requestId = answer.requestId;
  }
}

let csrfToken = '';

/** The token that belongs to the session; every change carries it. */
export function rememberCsrfToken(token: string): void {
  csrfToken = token;
}

/** Calls the API. Throws an ApiFailure with a sentence in the person's language. */
export async function call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(path, {
    method,
    headers: {
      'accept-language': document.documentElement.lang,
      ...(method === 'GET' ? {} : { 'x-csrf-token': csrfToken }),
      ...(body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
  });
  if (response.status === 204) return undefined as Answer;
  const answer: unknown = await response.json();
  if (!response.ok) throw new ApiFailure(answer as { code: string; message: string; requestId: string });
  return answer as Answer;
}

/** A screen's data, kept fresh while the screen is open. */
export function useApi<Answer>(path: string, options: { enabled?: boolean; refetchInterval?: number } = {}) {
  return useQuery<Answer>({ queryKey: [path], queryFn: () => call<Answer>('GET', path), ...options });
}
