import type { Sentences } from '../language.ts';

export const commandLineSentences: Sentences = {
  it: {
    'usage.unknown_command': 'Il comando «{word}» non c’è.',
    'usage.unknown_option': 'L’opzione «{word}» non c’è.',
    'usage.missing_word': 'Dopo il comando manca: {word}.',
    'usage.missing_value': 'Dopo «{word}» manca il valore.',
    'usage.too_many_words': 'Dopo «{word}» ci sono parole di troppo. Un nome con spazi va tra virgolette.',
    'usage.not_a_count': '«{word}» non è un numero intero maggiore di zero.',
    'usage.no_such_choice': '«{word}» non si può scegliere. Scegli tra: {choices}.',
    'usage.wrong': 'Il comando non è scritto bene.',
    'usage.help': 'Tutti i comandi: ./bentornato --help',
    'command.imported_sales':
      '{read} righe lette in {seconds} s: {accepted} nuove, {duplicates} già note, {rejected} scartate.',
    'command.imported_parts': 'Tra le nuove: {returns} resi, {anonymous} senza cliente.',
    'command.imported_contacts':
      '{read} righe lette in {seconds} s: {accepted} persone nuove, {updated} aggiornate, {unchanged} come prima, {rejected} scartate.',
    'command.imported_consents':
      '{consents} risposte nel registro dei consensi; {withoutEvidence} persone con un sì senza prova, che non conta.',
    'command.rejected':
      'Le righe scartate restano in Importa: lì si scaricano, si correggono e si riprovano.',
    'command.planned': '{date}: {messages} messaggi da proporre, su {candidates} occasioni.',
    'command.approved': '{approved} messaggi approvati.',
    'command.sent':
      '{sent} partiti, {withheld} lasciati fuori a sorte, {cancelled} annullati, {failed} non riusciti, {unknown} di esito incerto, {retried} da riprovare, {handed} da fare a mano.',
    'command.backed_up':
      'Backup scritto in {file}: {rows} righe di {tables} tabelle. La chiave {key} non è dentro: tienine una copia altrove.',
    'command.restored': 'Backup {file} ripristinato: {rows} righe di {tables} tabelle.',
    'command.demonstration_elsewhere':
      'La cartella {wished} è privata e il database non può entrarci: la dimostrazione sta in {folder}.',
    'command.played': '{days} giorni passati: {sent} messaggi partiti, {withheld} lasciati fuori a sorte.',
    'failure.mail_server_missing':
      'Ci sono messaggi approvati ma nessun server di posta. Scrivilo in Impostazioni, La posta, oppure in BENTORNATO_SMTP_URL.',
  },
  en: {
    'usage.unknown_command': 'There is no command "{word}".',
    'usage.unknown_option': 'There is no option "{word}".',
    'usage.missing_word': 'After the command something is missing: {word}.',
    'usage.missing_value': 'After "{word}" its value is missing.',
    'usage.too_many_words': 'After "{word}" there are too many words. Put a name with spaces in quotes.',
    'usage.not_a_count': '"{word}" is not a whole number greater than zero.',
    'usage.no_such_choice': '"{word}" cannot be chosen. Choose one of: {choices}.',
    'usage.wrong': 'The command is not written properly.',
    'usage.help': 'All commands: ./bentornato --help',
    'command.imported_sales':
      '{read} rows read in {seconds} s: {accepted} new, {duplicates} known already, {rejected} rejected.',
    'command.imported_parts': 'Of the new ones {returns} are returns, {anonymous} have no customer.',
    'command.imported_contacts':
      '{read} rows read in {seconds} s: {accepted} new people, {updated} updated, {unchanged} as before, {rejected} rejected.',
    'command.imported_consents':
      '{consents} answers in the consent ledger; {withoutEvidence} people with a yes without evidence, which does not count.',
    'command.rejected':
      'Rejected rows stay under Import: there they are downloaded, corrected and tried again.',
    'command.planned': '{date}: {messages} messages to propose, of {candidates} occasions.',
    'command.approved': '{approved} messages approved.',
    'command.sent':
      '{sent} sent, {withheld} left out by lot, {cancelled} cancelled, {failed} failed, {unknown} of uncertain outcome, {retried} to be tried again, {handed} to be done by hand.',
    'command.backed_up':
      'Backup written to {file}: {rows} rows of {tables} tables. The key {key} is not in it: keep a copy elsewhere.',
    'command.restored': 'Backup {file} restored: {rows} rows of {tables} tables.',
    'command.demonstration_elsewhere':
      'The folder {wished} is private and the database cannot enter it: the demonstration is in {folder}.',
    'command.played': '{days} days went by: {sent} messages sent, {withheld} left out by lot.',
    'failure.mail_server_missing':
      'There are approved messages but no mail server. Write it in Settings, Mail, or in BENTORNATO_SMTP_URL.',
  },
};
