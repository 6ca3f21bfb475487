import type { Sentences } from '../language.ts';

export const mailSentences: Sentences = {
  it: {
    'mail.stop': 'Non scrivetemi più',
    'mail.choices': 'Le tue scelte',
    'mail.stop_by_reply_tu': 'Se non vuoi altri messaggi, rispondi NO a questa email.',
    'mail.stop_by_reply_lei': 'Se non vuole altri messaggi, risponda NO a questa email.',
    'mail.unsubscribe_subject': 'Non scrivetemi più [{token}]',
    'mail.why_tu': 'Ti scrivo perché il {day}, {method}, hai detto sì ai messaggi del negozio.',
    'mail.why_lei': 'Le scrivo perché il {day}, {method}, ha detto sì ai messaggi del negozio.',
    'mail.why_unknown': 'Un messaggio di {shop}.',
    'failure.template_wrong':
      'Il testo del messaggio ha un campo scritto male: {detail}. Il testo di prima resta valido.',
    'failure.message_left': 'Questo messaggio è già partito o è già stato deciso: non si può più cambiare.',
    'failure.mail_server_unreachable':
      'Il server di posta {host} non risponde. I messaggi approvati aspettano; controlla l’indirizzo, la porta e la rete.',
    'failure.mail_credentials_wrong':
      'Il server di posta non accetta nome utente o password. I messaggi approvati aspettano: correggili in Impostazioni.',
    'failure.mail_tls_failed':
      'Il collegamento sicuro con {host} non riesce. Controlla se serve smtps:// o la porta 587.',
    'failure.mail_url_wrong':
      'L’indirizzo del server di posta non si legge. Scrivilo così: smtps://utente:password@mail.example.it:465',
    'failure.dkim_key_wrong':
      'La chiave DKIM non va bene: serve una chiave RSA in formato PEM. Senza firma i messaggi non partono.',
    'mail.check_ok': 'Il server di posta risponde e accetta nome e password.',
    'mail.check_missing': 'Manca il server di posta: scrivi il suo indirizzo.',
    'reason.control': 'Lasciata fuori a sorte, per capire se i messaggi servono.',
    'reason.send.address_refused': 'il suo indirizzo non esiste o non accetta posta.',
    'reason.send.refused':
      'il server di posta ha rifiutato il messaggio. Guarda le impostazioni della posta.',
    'reason.send.content': 'le sue parole non si possono comporre. Guarda il testo dei messaggi.',
    'reason.send.gave_up': 'il server di posta non l’ha preso in tempo.',
    'reason.send.ambiguous': 'il collegamento si è interrotto proprio mentre partiva.',
    'reason.send.crash': 'il computer si è fermato proprio mentre partiva.',
    'reason.campaign.cancelled': 'l’iniziativa è stata fermata.',
  },
  en: {
    'mail.stop': 'Stop writing to me',
    'mail.choices': 'Your choices',
    'mail.stop_by_reply_tu': 'If you want no more messages, reply NO to this email.',
    'mail.stop_by_reply_lei': 'If you want no more messages, please reply NO to this email.',
    'mail.unsubscribe_subject': 'Stop writing to me [{token}]',
    'mail.why_tu': 'I write to you because on {day}, {method}, you said yes to messages from the shop.',
    'mail.why_lei': 'We write to you because on {day}, {method}, you said yes to messages from the shop.',
    'mail.why_unknown': 'A message from {shop}.',
    'failure.template_wrong':
      'A field in the words of the message is wrong: {detail}. The words of before stay.',
    'failure.message_left': 'This message has left or was decided already: it can no longer be changed.',
    'failure.mail_server_unreachable':
      'The mail server {host} does not answer. Approved messages wait; check address, port and network.',
    'failure.mail_credentials_wrong':
      'The mail server does not accept user or password. Approved messages wait: correct them in Settings.',
    'failure.mail_tls_failed':
      'The secure connection to {host} fails. See whether smtps:// or port 587 is needed.',
    'failure.mail_url_wrong':
      'The address of the mail server cannot be read. Write it like this: smtps://user:password@mail.example.it:465',
    'failure.dkim_key_wrong':
      'The DKIM key is not right: an RSA key in PEM form is needed. Without a signature messages do not leave.',
    'mail.check_ok': 'The mail server answers and accepts user and password.',
    'mail.check_missing': 'The mail server is missing: write its address.',
    'reason.control': 'Left out by lot, to learn whether messages help.',
    'reason.send.address_refused': 'their address does not exist or takes no mail.',
    'reason.send.refused': 'the mail server refused the message. See the mail settings.',
    'reason.send.content': 'its words cannot be put together. See the text of the messages.',
    'reason.send.gave_up': 'the mail server did not take it in time.',
    'reason.send.ambiguous': 'the connection broke just while it was leaving.',
    'reason.send.crash': 'the computer stopped just while it was leaving.',
    'reason.campaign.cancelled': 'the campaign was stopped.',
  },
};
