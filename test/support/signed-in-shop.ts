const owner = { name: 'Marta', email: 'marta@bottega.example.it', password: 'una frase molto lunga' };

type Answer = Record<string, unknown> & { readonly status: number };

/** A shop set up over HTTP, and its owner signed in. */
export async function setUpAndSignIn(url: string) {
  const answer = await fetch(`${url}/api/set-up`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'my_shop', demonstrationSector: 'coffee', owner, business: { name: 'Bottega Inventata', sectors: ['other'], address: '' } }), // prettier-ignore
  });
  const { csrfToken } = (await answer.json()) as { csrfToken: string };
  const cookie = answer.headers.getSetCookie().map((text) => text.split(';')[0]).join('; '); // prettier-ignore
  const headers = { cookie, 'x-csrf-token': csrfToken };
  return {
    upload: async (kind: string, name: string, content: Uint8Array, language: string): Promise<Answer> => {
      const body = new FormData();
      body.append('file', new Blob([Buffer.from(content)]), name);
      const request = { method: 'POST', headers: { ...headers, 'accept-language': language }, body };
      const response = await fetch(`${url}/api/${kind}/uploads`, request);
      return { ...((await response.json()) as Record<string, unknown>), status: response.status };
    },
    post: async (path: string, body: object): Promise<unknown> => {
      const request = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) }; // prettier-ignore
      return (await fetch(`${url}${path}`, request)).json();
    },
  };
}
