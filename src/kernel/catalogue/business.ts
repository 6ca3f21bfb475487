import type { Sentences } from '../language.ts';

export const businessSentences: Sentences = {
  it: {
    'reachability.none':
      'Da fuori non si entra: chi vuole uscire dalle liste lo fa rispondendo al messaggio. Per le pagine dei clienti serve un indirizzo pubblico (BENTORNATO_PUBLIC_URL).',
    'reachability.working': 'Le pagine dei clienti rispondono su {url}.',
    'reachability.not_secure':
      'Le pagine rispondono su {url}, ma senza https: va bene per provare, non per i clienti.',
    'reachability.not_answering':
      'Su {url} non risponde nessuno. Guarda se il tunnel o il router è acceso; intanto chi vuole uscire lo fa rispondendo al messaggio.',
    'set_up.preparing': 'Preparo il negozio dimostrativo',
    'set_up.people': 'Arrivano i clienti',
    'set_up.sales': 'Arrivano le vendite di un anno e mezzo',
    'set_up.play': 'Passano le settimane',
    'set_up.plan': 'Preparo le proposte di oggi',
  },
  en: {
    'reachability.none':
      'Nothing enters from outside: people leave the lists by replying to the message. The customers’ pages need a public address (BENTORNATO_PUBLIC_URL).',
    'reachability.working': 'The customers’ pages answer at {url}.',
    'reachability.not_secure':
      'The pages answer at {url}, but without https: good for a trial, not for customers.',
    'reachability.not_answering':
      'Nobody answers at {url}. See whether the tunnel or the router is on; meanwhile people leave by replying to the message.',
    'set_up.preparing': 'Preparing the demonstration shop',
    'set_up.people': 'The customers arrive',
    'set_up.sales': 'The sales of a year and a half arrive',
    'set_up.play': 'The weeks go by',
    'set_up.plan': 'Preparing today’s proposals',
  },
};
