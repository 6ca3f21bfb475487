import type { Sentences } from '../language.ts';

/** What passes through a person's hands: letters and calls. */
export const handSentences: Sentences = {
  it: {
    'reason.address.no_number': 'Non abbiamo il suo numero di telefono.',
    'reason.address.no_street': 'Non abbiamo il suo indirizzo di casa, o manca il CAP.',
    'reason.address.wrong_number': 'Al suo numero non risponde nessuno.',
    'reason.register.listed': 'È nel Registro delle opposizioni: non si chiama.',
    'reason.register.check_old':
      'Il controllo nel Registro delle opposizioni ha più di 15 giorni: va rifatto prima di chiamare.',
    'reason.limit.calls': 'Le chiamate di questi giorni sono già piene.',
    'reason.limit.letters': 'Le lettere di questi giorni sono già al completo.',
    'reason.later.calls': 'Le chiamate di oggi sono già piene: spostata a {when}.',
    'reason.later.letters': 'Le lettere di oggi sono già al completo: spostata a {when}.',
    'reason.value.below_cost': 'Costerebbe più di quanto porta.',
    'reason.errand.not_posted': 'La lettera non è stata imbucata in tempo.',
    'reason.errand.not_called': 'Nessuno ha chiamato in tempo.',
    'reason.errand.no_answer': 'Non ha risposto.',
    'reason.errand.thrown_away': 'La lettera non è stata imbucata.',
    'status.handed': 'da fare a mano',
    'failure.errand_over':
      'Questa cosa non è più da fare: qualcuno l’ha già fatta, o il cliente nel frattempo ha comprato o detto di no.',
    'failure.outside_call_hours':
      'A quell’ora non si chiama. Scegli un momento tra quelli permessi: {hours}.',
    'failure.call_too_far': 'È troppo lontano: si richiama entro {days} giorni.',
    'failure.operator_exists': 'C’è già qualcuno con l’email {email}.',
    'letter.leave_page_tu':
      'Inquadra il codice, o apri {url}: lì scegli che cosa ricevere, o di non ricevere più lettere.',
    'letter.leave_page_lei':
      'Inquadri il codice, o apra {url}: lì sceglie che cosa ricevere, o di non ricevere più lettere.',
    'letter.leave_phone_tu': 'Se non vuoi altre lettere, dillo in negozio o chiama il {phone}.',
    'letter.leave_phone_lei': 'Se non vuole altre lettere, lo dica in negozio o chiami il {phone}.',
    'letter.leave_email_tu': 'Se non vuoi altre lettere, dillo in negozio o scrivi a {email}.',
    'letter.leave_email_lei': 'Se non vuole altre lettere, lo dica in negozio o scriva a {email}.',
    'letter.leave_shop_tu': 'Se non vuoi altre lettere, dillo in negozio.',
    'letter.leave_shop_lei': 'Se non vuole altre lettere, lo dica in negozio.',
  },
  en: {
    'reason.address.no_number': 'We do not have their phone number.',
    'reason.address.no_street': 'We do not have their postal address, or the postcode is missing.',
    'reason.address.wrong_number': 'Nobody answers at their number.',
    'reason.register.listed': 'They are in the opposition register: one does not call.',
    'reason.register.check_old':
      'The check in the opposition register is older than 15 days: check again before calling.',
    'reason.limit.calls': 'The calls of these days are full.',
    'reason.limit.letters': 'The letters of these days are full.',
    'reason.later.calls': 'Today’s calls are full: moved to {when}.',
    'reason.later.letters': 'Today’s letters are full: moved to {when}.',
    'reason.value.below_cost': 'It would cost more than it brings.',
    'reason.errand.not_posted': 'The letter was not posted in time.',
    'reason.errand.not_called': 'Nobody called in time.',
    'reason.errand.no_answer': 'They did not answer.',
    'reason.errand.thrown_away': 'The letter was not posted.',
    'status.handed': 'to be done by hand',
    'failure.errand_over':
      'This is no longer to be done: somebody has done it, or the customer has bought or said no in the meantime.',
    'failure.outside_call_hours': 'One does not call at that hour. Choose one of these: {hours}.',
    'failure.call_too_far': 'That is too far off: one calls again within {days} days.',
    'failure.operator_exists': 'Somebody has the email {email} already.',
    'letter.leave_page_tu':
      'Scan the code, or open {url}: there you choose what to receive, or to receive no more letters.',
    'letter.leave_page_lei':
      'Scan the code, or open {url}: there you choose what to receive, or to receive no more letters.',
    'letter.leave_phone_tu': 'If you want no more letters, tell us in the shop or call {phone}.',
    'letter.leave_phone_lei': 'If you want no more letters, tell us in the shop or call {phone}.',
    'letter.leave_email_tu': 'If you want no more letters, tell us in the shop or write to {email}.',
    'letter.leave_email_lei': 'If you want no more letters, tell us in the shop or write to {email}.',
    'letter.leave_shop_tu': 'If you want no more letters, tell us in the shop.',
    'letter.leave_shop_lei': 'If you want no more letters, tell us in the shop.',
  },
};
