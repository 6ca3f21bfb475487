import { Button, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContactRow } from '../../contacts/schema.ts';
import { call } from '../api.ts';
import { Failed, Waiting } from '../parts/states.tsx';

interface Page {
  readonly contacts: readonly ContactRow[];
  readonly next: number | null;
  readonly total: number;
}

/** Clienti: find a person by name, digits, e-mail or card. */
export function ContactList() {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const words = useDeferredValue(search);
  const pages = useInfiniteQuery({
    queryKey: ['/api/contacts', words],
    queryFn: ({ pageParam }) =>
      call<Page>('GET', `/api/contacts?search=${encodeURIComponent(words)}&after=${pageParam}`),
    initialPageParam: 0,
    getNextPageParam: (last) => last.next,
  });
  const total = pages.data?.pages[0]?.total ?? 0;
  return (
    <>
      <div className="head">
        <div>
          <h1>{t('menu.contacts')}</h1>
          <p>{t('contacts.count', { count: total })}</p>
        </div>
      </div>
      <TextInput
        label={t('contacts.search')}
        placeholder={t('contacts.search_hint')}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        mb="lg"
      />
      {pages.error && <Failed error={pages.error} retry={() => void pages.refetch()} />}
      {!pages.data && !pages.error && <Waiting />}
      {pages.data && (
        <div className="card flush">
          {pages.data.pages
            .flatMap((page) => page.contacts)
            .map((contact) => (
              <Row key={contact.contactId} contact={contact} />
            ))}
          {total === 0 && (
            <p style={{ padding: 24 }}>
              {words === '' ? t('contacts.none') : t('contacts.not_found', { words })}
            </p>
          )}
        </div>
      )}
      {pages.hasNextPage && (
        <Button
          mt="md"
          variant="default"
          loading={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          {t('contacts.more')}
        </Button>
      )}
    </>
  );
}

function Row({ contact }: { readonly contact: ContactRow }) {
  const { t } = useTranslation();
  return (
    <Link className="list-row" to="/clienti/$contactId" params={{ contactId: String(contact.contactId) }}>
      <span className="who" aria-hidden="true">
        {contact.initials}
      </span>
      <span className="grow">
        <b>{contact.name || t('contacts.nameless')}</b>
        <span className="small muted" style={{ display: 'block' }}>
          {[contact.email, contact.phone, contact.city].filter((part) => part !== '').join(' · ')}
        </span>
      </span>
      {contact.mayBeWrittenTo && <span className="badge yes">{t('contacts.says_yes')}</span>}
    </Link>
  );
}
