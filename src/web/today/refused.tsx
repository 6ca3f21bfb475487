import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Today } from '../../planner/schema.ts';
import { call } from '../api.ts';
import { say, sayFailure } from '../parts/notify.ts';

type Person = Today['refused'][number];

/** To whom the answer was no today: each can be put back among the proposals. */
export function Refused({
  people,
  onChange,
}: {
  readonly people: readonly Person[];
  readonly onChange: () => void;
}) {
  const { t } = useTranslation();
  const putBack = useMutation({
    mutationFn: ({ contactId, messageId }: Person) =>
      call('POST', `/api/messages/${contactId}/${messageId}/undo-refusal`),
    onSuccess: (_answer, { name }) => {
      say(t('today.is_back', { name }));
      onChange();
    },
    onError: sayFailure,
  });
  if (people.length === 0) return null;
  return (
    <section className="card flush" aria-labelledby="refused">
      <h3 id="refused" style={{ padding: '12px 24px' }}>
        {t('today.refused_today')}
      </h3>
      {people.map((person) => (
        <div key={person.messageId} className="list-row">
          <span className="grow">
            <b>{person.name}</b>
            <span className="small muted" style={{ display: 'block' }}>
              {person.about}
            </span>
          </span>
          <Button
            variant="default"
            aria-label={t('today.put_back_name', { name: person.name })}
            loading={putBack.isPending && putBack.variables === person}
            onClick={() => putBack.mutate(person)}
          >
            {t('today.put_back')}
          </Button>
        </div>
      ))}
    </section>
  );
}
