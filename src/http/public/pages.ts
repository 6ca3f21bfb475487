import type {
  FastifyError,
  FastifyInstance,
  FastifyPluginAsync,
  FastifyReply,
  FastifyRequest,
} from 'fastify';
import { loadBusiness } from '../../business/actions.ts';
import type { ConsentMethod, NewConsentEvent } from '../../consent/actions.ts';
import { recordConsentEvents } from '../../consent/actions.ts';
import { mayUse } from '../../consent/rules.ts';
import { sentence } from '../../kernel/catalogue/index.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Language } from '../../kernel/language.ts';
import { describeFailure } from '../failures.ts';
import type { RouteContext } from '../route-context.ts';
import { choicesBody, confirmBody, doneBody, goneBody, renderPage, troubleBody } from './page.ts';
import type { LinkRow } from './queries.ts';
import { selectAddresses, selectConsents, selectLink } from './queries.ts';

const OFFERED = [
  { name: 'email', kind: 'email' },
  { name: 'sms', kind: 'phone' },
  { name: 'whatsapp', kind: 'phone' },
  { name: 'phone', kind: 'phone' },
  { name: 'letter', kind: '' },
] as const;

type Business = NonNullable<Awaited<ReturnType<typeof loadBusiness>>>;

const WORDS = [
  'hello', 'intro', 'welcome_back', 'stop', 'how', 'messages_by', 'advice', 'advice_note', 'yes', 'no', 'save', 'stop_question', 'stop_note', 'choices', 'done',
  'done_note', 'gone', 'gone_note', 'trouble',
] as const; // prettier-ignore

/**
 * The customer's pages, without login: a token opens the choices of one person. A GET never changes anything, because mail
 * filters open links; every button is a POST. One-click leaving (RFC 8058) needs no cookie, no page and no redirect.
 */
export function publicPages(context: RouteContext): FastifyPluginAsync {
  const { database } = context;
  return (server) => {
    acceptForms(server);
    server.setNotFoundHandler((_request, reply) => sendGone(context, reply));
    server.setErrorHandler((error: FastifyError, request, reply) =>
      sendTrouble(context, error, { request, reply }),
    );
    const open = async (token: string): Promise<{ link: LinkRow; business: Business } | null> => {
      const business = await loadBusiness(database);
      const link = await selectLink(database, token);
      return business && link ? { link, business } : null;
    };
    server.get<{ Params: { token: string } }>('/p/:token', async (request, reply) => {
      const opened = await open(request.params.token);
      if (!opened) return sendGone(context, reply);
      return send(
        reply,
        opened.business,
        'choices',
        choicesBody,
        await choicesFacts(context, opened, request.params.token),
      );
    });
    server.post<{ Params: { token: string }; Body?: URLSearchParams }>(
      '/p/:token',
      async (request, reply) => {
        const opened = await open(request.params.token);
        if (!opened) return sendGone(context, reply);
        if (!request.body) throw new Failure('invalid_request', { params: { detail: 'form' } });
        await saveChoices(context, opened, request.body);
        return sendDone(reply, opened.business, request.params.token, 'saved');
      },
    );
    server.post<{ Params: { token: string } }>('/p/:token/stop', async (request, reply) => {
      const opened = await open(request.params.token);
      if (!opened) return sendGone(context, reply);
      await withdraw(context, opened, 'preference_page');
      return sendDone(reply, opened.business, request.params.token, 'out');
    });
    server.get<{ Params: { token: string } }>('/u/:token', async (request, reply) => {
      const opened = await open(request.params.token);
      if (!opened) return sendGone(context, reply);
      const { token } = request.params;
      return send(reply, opened.business, 'stop', confirmBody, {
        base: `/u/${token}`,
        choices: `/p/${token}`,
        words: wordsOf(opened.business, opened.link),
      });
    });
    server.post<{ Params: { token: string } }>('/u/:token', async (request, reply) => {
      const opened = await open(request.params.token);
      if (!opened) return sendGone(context, reply);
      await withdraw(context, opened, 'one_click');
      return sendDone(reply, opened.business, request.params.token, 'out');
    });
    return Promise.resolve();
  };
}

/**
 * Forms of our pages arrive URL-encoded. RFC 8058 lets a mail program send its one click as multipart/form-data as well;
 * what it says is in the address, so a body of any other kind is read and left aside.
 */
function acceptForms(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => {
      done(null, new URLSearchParams(String(body)));
    },
  );
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, _body, done) => {
    done(null, undefined);
  });
}

function withdraw(
  { database, clock }: RouteContext,
  { link, business }: { link: LinkRow; business: Business },
  method: ConsentMethod,
): Promise<void> {
  const now = clock.now();
  const no = { purpose: 'marketing', action: 'withdrawn', channels: [] } as const;
  return database.transaction((transaction) =>
    recordConsentEvents(transaction, [eventOf(link, business, method, no, now)], now),
  );
}

async function choicesFacts(
  context: RouteContext,
  opened: { link: LinkRow; business: Business },
  token: string,
): Promise<object> {
  const { link, business } = opened;
  const states = await selectConsents(context.database, link.contact_id);
  const addresses = await selectAddresses(context.database, link.contact_id);
  const marketing = states.find((row) => row.purpose === 'marketing');
  const state = marketing
    ? { state: marketing.state as 'granted' | 'withdrawn', channels: marketing.channels, since: new Date(0) }
    : null;
  return {
    base: `/p/${token}`,
    isOut: state?.state !== 'granted',
    profiling: states.some((row) => row.purpose === 'profiling' && row.state === 'granted'),
    channels: OFFERED.map(({ name, kind }) => ({
      name,
      label: sentence(`channel.${name}`, business.language),
      address: addresses.find((row) => row.kind === kind)?.value ?? '',
      isOn: mayUse(state, name),
    })),
    words: wordsOf(business, link),
  };
}

/** Saves what the person chose: their channels are exactly those ticked, none means leaving. */
async function saveChoices(
  context: RouteContext,
  opened: { link: LinkRow; business: Business },
  form: URLSearchParams,
): Promise<void> {
  const { database, clock } = context;
  const { link, business } = opened;
  const now = clock.now();
  const chosen = OFFERED.map(({ name }) => name).filter((name) => form.getAll('channel').includes(name));
  const others = OFFERED.map(({ name }) => name).filter((name) => !chosen.includes(name));
  const event = (change: Pick<NewConsentEvent, 'purpose' | 'action' | 'channels'>): NewConsentEvent =>
    eventOf(link, business, 'preference_page', change, now);
  const wantsAdvice = form.get('profiling') === 'yes';
  const states = await selectConsents(database, link.contact_id);
  const hasAdvice = states.some((row) => row.purpose === 'profiling' && row.state === 'granted');
  const events = [
    ...(chosen.length > 0 ? [event({ purpose: 'marketing', action: 'granted', channels: chosen })] : []),
    event({
      purpose: 'marketing',
      action: 'withdrawn',
      channels: chosen.length > 0 ? [...others, 'telegram', 'messenger'] : [],
    }),
    ...(wantsAdvice === hasAdvice
      ? []
      : [event({ purpose: 'profiling', action: wantsAdvice ? 'granted' : 'withdrawn', channels: [] })]),
  ];
  await database.transaction((transaction) => recordConsentEvents(transaction, events, now));
}

function eventOf(
  link: LinkRow,
  business: Business,
  method: ConsentMethod,
  change: Pick<NewConsentEvent, 'purpose' | 'action' | 'channels'>,
  now: Date,
): NewConsentEvent {
  return {
    ...change,
    contactId: link.contact_id,
    text: change.action === 'granted' ? shownWords(change.purpose, business) : null,
    language: business.language,
    method,
    occurredAt: now,
    evidence: { message: link.message_id },
  };
}

/** The words beside the choice, as the person read them: they go into the ledger with the yes. */
function shownWords(purpose: NewConsentEvent['purpose'], business: Business): string {
  const keys = purpose === 'profiling' ? ['advice', 'advice_note', 'yes'] : ['intro', 'messages_by'];
  return keys.map((key) => sentence(`public.${key}`, business.language, { shop: business.name })).join('\n');
}

function wordsOf(business: Business, link: LinkRow | null): Record<string, string> {
  return Object.fromEntries(
    WORDS.map((word) => [
      word,
      sentence(`public.${word}`, business.language, {
        name: link?.first_name ?? '',
        shop: business.name,
      }).replace(' ,', ','),
    ]),
  );
}

function sendDone(
  reply: FastifyReply,
  business: Business,
  token: string,
  outcome: 'saved' | 'out',
): FastifyReply {
  const note = sentence(outcome === 'saved' ? 'public.saved_note' : 'public.done_note', business.language, {
    shop: business.name,
  });
  return send(reply, business, 'done', doneBody, {
    choices: `/p/${token}`,
    words: {
      ...wordsOf(business, null),
      done_note: note,
      ...(outcome === 'saved' ? { done: sentence('public.saved', business.language) } : {}),
    },
  });
}

async function sendGone(context: RouteContext, reply: FastifyReply): Promise<FastifyReply> {
  const business = await loadBusiness(context.database);
  if (!business) return reply.status(404).send('');
  return send(reply.status(404), business, 'gone', goneBody, { words: wordsOf(business, null) });
}

/** A person, not a program, reads what went wrong here. Without the database not even the shop's name is known. */
async function sendTrouble(
  context: RouteContext,
  error: FastifyError,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): Promise<FastifyReply> {
  const { failure, message } = describeFailure(error, request);
  const business = await loadBusiness(context.database).catch(() => null);
  if (!business) return reply.status(failure.status).type('text/plain; charset=utf-8').send(message);
  const facts = { message: sentence(`failure.${failure.code}`, business.language, failure.params) };
  return send(reply.status(failure.status), business, 'trouble', troubleBody, {
    ...facts,
    words: wordsOf(business, null),
  });
}

function send(
  reply: FastifyReply,
  business: Business,
  title: string,
  body: string,
  facts: object,
): FastifyReply {
  const language: Language = business.language;
  const identity = [
    business.legalName || business.name,
    business.address,
    business.vatNumber === '' ? '' : `P.IVA ${business.vatNumber}`,
  ]
    .filter((part) => part !== '')
    .join(', ');
  const frame = {
    language,
    title: sentence(`public.title_${title}`, language),
    shop: business.name,
    brand: business.brandColour,
    identity,
  };
  return reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(renderPage(frame, body, facts));
}
