import type { Database } from '../../src/database/connection.ts';
import type { Day } from '../../src/kernel/day.ts';
import { isoFromDay } from '../../src/kernel/day.ts';
import type { Times } from './measure.ts';
import { summariseTimes } from './measure.ts';
import { owner } from './shop.ts';

/** What a signed-in browser asks, request after request over one connection. */
export interface Screen {
  readonly name: string;
  /** Paths to ask, each once; the first ones again to warm up, uncounted. */
  readonly paths: readonly string[];
}

export interface ScreenTimes extends Times {
  readonly bytesMedian: number;
}

const WARM_UP = 5;

export class Browser {
  readonly #url: string;
  #cookie = '';
  #csrf = '';

  constructor(url: string) {
    this.#url = url;
  }

  async signIn(): Promise<void> {
    const response = await fetch(`${this.#url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: owner.email, password: owner.password }),
    });
    this.#cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    this.#csrf = ((await response.json()) as { csrfToken: string }).csrfToken;
  }

  /** Milliseconds until the whole answer is here, and its size. */
  async get(path: string): Promise<{ milliseconds: number; bytes: number }> {
    const start = performance.now();
    const response = await fetch(`${this.#url}${path}`, { headers: { cookie: this.#cookie } });
    const body = await response.arrayBuffer();
    const milliseconds = performance.now() - start;
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return { milliseconds, bytes: body.byteLength };
  }

  async post(path: string, body: unknown): Promise<unknown> {
    const response = await fetch(`${this.#url}${path}`, {
      method: 'POST',
      headers: { cookie: this.#cookie, 'x-csrf-token': this.#csrf, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response.json();
  }
}

export async function measureScreen(browser: Browser, { paths }: Screen): Promise<ScreenTimes> {
  for (const path of paths.slice(0, WARM_UP)) await browser.get(path);
  const times: number[] = [];
  const sizes: number[] = [];
  for (const path of paths) {
    const { milliseconds, bytes } = await browser.get(path);
    times.push(milliseconds);
    sizes.push(bytes);
  }
  sizes.sort((a, b) => a - b);
  return { ...summariseTimes(times), bytesMedian: sizes[Math.floor(sizes.length / 2)] ?? 0 };
}

/** Every screen that is opened on an ordinary morning, with people spread over the whole shop. */
export async function listScreens(
  { raw }: Database,
  options: { day: Day; contacts: number; requests: number },
): Promise<Screen[]> {
  const { contacts, requests } = options;
  const day = isoFromDay(options.day);
  const repeat = (path: string): string[] => Array.from({ length: requests }, () => path);
  const spread = Array.from(
    { length: requests },
    (_, index) => 1 + Math.floor((index * contacts) / requests),
  );
  const groups = await raw<{ source: string; waiting: number }[]>`
    select source, count(*) as waiting from message where plan_day = ${day} and status = 'planned' group by source order by waiting desc`;
  const proposals = await raw<{ contact_id: number; message_id: number }[]>`
    select contact_id, message_id from message where plan_day = ${day} and status = 'planned' order by md5(contact_id::text) limit ${requests}`;
  const busiest = await raw<{ contact_id: number }[]>`
    select contact_id from sale_line group by contact_id order by count(*) desc limit ${requests}`;
  const names = await raw<{ name: string }[]>`
    select last_name || ' ' || left(first_name, 3) as name from contact where contact_id = any(${spread})`;
  const categories = await raw<
    { category_id: number }[]
  >`select category_id from category order by category_id`;
  const each = <T>(rows: readonly T[], path: (row: T, index: number) => string): string[] =>
    Array.from({ length: rows.length === 0 ? 0 : requests }, (_, index) =>
      path(rows[index % rows.length] as T, index),
    );
  return [
    { name: 'today', paths: repeat('/api/today') },
    {
      name: 'today group page',
      paths: each(
        groups,
        ({ source, waiting }, index) =>
          `/api/today/groups/${source}?after=${(index * 50) % Math.max(waiting, 1)}`,
      ),
    },
    {
      name: 'today group search',
      paths: each(
        names,
        ({ name }, index) =>
          `/api/today/groups/${groups[index % groups.length]?.source}?search=${encodeURIComponent(name.split(' ')[0] ?? '')}`,
      ),
    },
    {
      name: 'proposal',
      paths: each(proposals, (row) => `/api/today/proposals/${row.contact_id}/${row.message_id}`),
    },
    { name: 'contact list', paths: spread.map((contactId) => `/api/contacts?after=${contactId + 1}`) },
    {
      name: 'contact search',
      paths: each(names, ({ name }) => `/api/contacts?search=${encodeURIComponent(name)}`),
    },
    {
      name: 'contact search by e-mail',
      paths: spread.map((contactId) => `/api/contacts?search=persona${contactId - 1}%40clienti.example.it`),
    },
    { name: 'profile', paths: spread.map((contactId) => `/api/contacts/${contactId}`) },
    {
      name: 'profile of the best customers',
      paths: each(busiest, ({ contact_id }) => `/api/contacts/${contact_id}`),
    },
    { name: 'clock list', paths: repeat('/api/clocks/categories') },
    { name: 'clock', paths: each(categories, ({ category_id }) => `/api/clocks/categories/${category_id}`) },
    { name: 'results', paths: repeat('/api/results') },
    { name: 'campaigns', paths: repeat('/api/campaigns') },
  ].filter(({ paths }) => paths.length > 0);
}
