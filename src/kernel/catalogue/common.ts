import type { Sentences } from '../language.ts';

export const commonSentences: Sentences = {
  it: {
    'failure.internal':
      'Qualcosa non ha funzionato. Quello che avevi salvato è al sicuro. Riprova; se succede ancora, nel registro cerca {requestId}.',
    'failure.invalid_request':
      'Un dato non va bene: {detail}. Correggilo e riprova, il resto è rimasto com’era.',
    'failure.value_not_storable':
      'Un dato contiene un numero troppo grande o un carattere che non si può salvare. Correggilo e riprova, il resto è rimasto com’era.',
    'failure.not_found': 'Quello che cerchi non c’è, o non c’è più.',
    'failure.signed_out': 'La sessione è finita. Entra di nuovo, non hai perso niente.',
    'failure.forbidden': 'Per questo serve il titolare.',
    'failure.wrong_sign_in': 'Email o password non giuste. Riprova.',
    'failure.too_many_attempts': 'Troppi tentativi. Aspetta qualche minuto, poi riprova.',
    'failure.csrf': 'La pagina è rimasta aperta troppo a lungo. Ricaricala e riprova, non hai perso niente.',
    'failure.wrong_host': 'Questo indirizzo non è quello del negozio. Apri Bentornato da {host}.',
    'failure.already_set_up': 'Questo negozio ha già un titolare. Entra con la tua email.',
    'failure.not_demonstration': 'Questo non è il negozio dimostrativo: serve la password.',
    'failure.already_running': 'Bentornato è già acceso. Aprilo nel browser: {url}',
    'failure.port_in_use':
      'La porta {port} è già usata da un altro programma. Chiudilo, oppure scegli un’altra porta: {variable}={other} npm start',
    'failure.port_forbidden':
      'Questo computer non lascia usare la porta {port} a chi non è amministratore. Scegline un’altra: {variable}={other} npm start',
    'failure.address_unusable':
      'L’indirizzo {host} non è di questo computer. Correggi BENTORNATO_HOST o BENTORNATO_PUBLIC_HOST, poi riparti.',
    'failure.secret_unreadable':
      'Una password salvata non si legge con la chiave di questa cartella. Scrivila di nuovo nelle impostazioni.',
    'failure.invalid_day': '«{day}» non è una data. Scrivila così: 2026-11-24.',
    'failure.not_set_up': 'Il negozio non è ancora pronto. Apri {url} e rispondi a tre domande.',
    'failure.data_key_unreadable':
      'Non riesco a leggere la chiave in {path}. Senza la chiave le password salvate non si aprono: rimetti il file dal backup.',
  },
  en: {
    'failure.internal':
      'Something did not work. What you saved is safe. Try again; if it happens again, look for {requestId} in the log.',
    'failure.invalid_request':
      'Something is not right: {detail}. Correct it and try again, the rest is as it was.',
    'failure.value_not_storable':
      'A number is too large or a character cannot be saved. Correct it and try again, the rest is as it was.',
    'failure.not_found': 'What you look for is not there, or no longer.',
    'failure.signed_out': 'The session has ended. Sign in again, nothing is lost.',
    'failure.forbidden': 'Only the owner may do this.',
    'failure.wrong_sign_in': 'Email or password are not right. Try again.',
    'failure.too_many_attempts': 'Too many attempts. Wait a few minutes, then try again.',
    'failure.csrf': 'The page was open for too long. Reload it and try again, nothing is lost.',
    'failure.wrong_host': 'This is not the address of the shop. Open Bentornato at {host}.',
    'failure.already_set_up': 'This shop already has an owner. Sign in with your email.',
    'failure.not_demonstration': 'This is not the demonstration shop: a password is needed.',
    'failure.already_running': 'Bentornato is running already. Open it in the browser: {url}',
    'failure.port_in_use':
      'Port {port} is already used by another program. Close it, or choose another port: {variable}={other} npm start',
    'failure.port_forbidden':
      'On this computer only an administrator may use port {port}. Choose another: {variable}={other} npm start',
    'failure.address_unusable':
      'The address {host} is not one of this computer. Correct BENTORNATO_HOST or BENTORNATO_PUBLIC_HOST, then start again.',
    'failure.secret_unreadable':
      'A saved password cannot be read with the key of this folder. Write it again in the settings.',
    'failure.invalid_day': '"{day}" is not a day. Write it like this: 2026-11-24.',
    'failure.not_set_up': 'The shop is not ready yet. Open {url} and answer three questions.',
    'failure.data_key_unreadable':
      'The key in {path} cannot be read. Without it saved passwords do not open: put the file back from the backup.',
  },
};
