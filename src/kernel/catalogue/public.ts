import type { Sentences } from '../language.ts';

export const publicSentences: Sentences = {
  it: {
    'public.title_choices': 'Le tue scelte',
    'public.title_stop': 'Non scrivetemi più',
    'public.title_done': 'Fatto',
    'public.title_gone': 'Pagina non trovata',
    'public.title_trouble': 'Non è riuscito',
    'public.trouble': 'Questa volta non è riuscito',
    'public.hello': 'Ciao {name}, decidi tu',
    'public.intro':
      'Qui scegli se e come {shop} ti scrive. Vale da subito, e puoi cambiare idea quando vuoi.',
    'public.welcome_back':
      'Adesso non ti scriviamo. Se vuoi ricominciare, scegli come: niente di prima torna da solo.',
    'public.stop': 'Non scrivetemi più',
    'public.stop_question': 'Non ti scriviamo più?',
    'public.stop_note': 'Vale da subito, su tutti i canali. In negozio non cambia niente.',
    'public.how': 'Come',
    'public.messages_by': 'Scrivetemi con',
    'public.advice': 'Consigli in base ai miei acquisti',
    'public.advice_note':
      'Profilazione: guardiamo che cosa compri e ogni quanto, per avvisarti al momento giusto. Senza, in negozio non cambia niente.',
    'public.yes': 'Acconsento',
    'public.no': 'Non acconsento',
    'public.save': 'Salva',
    'public.saved': 'Fatto, vale da adesso',
    'public.saved_note': '{shop} ti scrive solo come hai scelto.',
    'public.done': 'Non ti scriviamo più',
    'public.done_note': 'Vale da adesso, su tutti i canali. Se è stato un errore, riapri le tue scelte.',
    'public.choices': 'Le tue scelte',
    'public.gone': 'Questa pagina non c’è',
    'public.gone_note':
      'Il collegamento non è completo. Riaprilo dal messaggio, oppure rispondi al messaggio: lo legge una persona.',
  },
  en: {
    'public.title_choices': 'Your choices',
    'public.title_stop': 'Stop writing to me',
    'public.title_done': 'Done',
    'public.title_gone': 'Page not found',
    'public.title_trouble': 'It did not work',
    'public.trouble': 'It did not work this time',
    'public.hello': 'Hello {name}, you decide',
    'public.intro':
      'Choose here whether and how {shop} writes to you. It counts at once, and you can change your mind whenever you like.',
    'public.welcome_back':
      'We do not write to you now. If you want to begin again, choose how: nothing of before returns by itself.',
    'public.stop': 'Stop writing to me',
    'public.stop_question': 'Shall we stop writing to you?',
    'public.stop_note': 'It counts at once, on every channel. In the shop nothing changes.',
    'public.how': 'How',
    'public.messages_by': 'Write to me by',
    'public.advice': 'Advice from what I buy',
    'public.advice_note':
      'Profiling: we look at what you buy and how often, to tell you at the right moment. Without it nothing changes in the shop.',
    'public.yes': 'I agree',
    'public.no': 'I do not agree',
    'public.save': 'Save',
    'public.saved': 'Done, it counts from now',
    'public.saved_note': '{shop} writes to you only as you chose.',
    'public.done': 'We no longer write to you',
    'public.done_note': 'It counts from now, on every channel. If it was a mistake, open your choices again.',
    'public.choices': 'Your choices',
    'public.gone': 'This page is not here',
    'public.gone_note':
      'The link is not complete. Open it again from the message, or reply to the message: a person reads it.',
  },
};
