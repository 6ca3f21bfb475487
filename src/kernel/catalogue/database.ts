import type { Sentences } from '../language.ts';

export const databaseSentences: Sentences = {
  it: {
    'failure.embedded_server_missing':
      'Manca il database per questo computer ({platform}). Riprova con npm ci; se non basta, usa un PostgreSQL tuo con DATABASE_URL.',
    'failure.data_folder_unusable':
      'Non posso scrivere nella cartella dei dati {folder}. Controlla i permessi, oppure scegline un’altra con BENTORNATO_DATA.',
    'failure.data_folder_unreachable':
      'Il database, che non gira come amministratore, non arriva alla cartella {folder}. Scegline una fuori dalla cartella privata, per esempio BENTORNATO_DATA=/var/lib/bentornato.',
    'failure.database_did_not_start':
      'Il database non è partito. I dati sono ancora in {folder}. Ha scritto: {detail}',
    'failure.disk_full':
      'Il disco è pieno. Quello che era salvato è al sicuro, l’ultima operazione no: libera spazio e ripetila.',
    'failure.database_newer':
      'Questi dati sono di una versione più nuova di Bentornato. Aggiorna il programma, poi riparti: i dati non sono stati toccati.',
    'failure.migration_changed':
      'La struttura dei dati ({name}) non è quella di questa versione. Usa il programma con cui sono nati, fai un backup e ripristinalo qui.',
    'failure.database_unreachable':
      'Il database non risponde. Se usi DATABASE_URL, controlla che il server sia acceso e che indirizzo e porta siano giusti. I dati salvati sono al sicuro.',
    'failure.database_busy':
      'Il database ha tutte le connessioni occupate. Riprova tra un minuto; se succede spesso, aumenta max_connections sul server.',
    'failure.database_sign_in':
      'Il database non accetta nome e password scritti in DATABASE_URL. Correggili e riparti.',
    'failure.database_missing':
      'Il database indicato in DATABASE_URL non esiste ancora. Crealo (createdb) e riparti.',
    'failure.database_forbidden':
      'L’utente del database non può creare tabelle. Dagli i permessi sul suo database e riparti.',
    'failure.database_url_wrong':
      'DATABASE_URL non è un indirizzo di PostgreSQL. Scrivilo così: postgresql://utente:password@localhost:5432/bentornato',
    'failure.database_too_old':
      'Questo PostgreSQL è la versione {version}: serve la 15 o una più nuova. Senza DATABASE_URL, Bentornato usa il suo.',
    'failure.mapping_unreadable': 'Il file {file} non è un JSON che si legge. Controllalo e riprova.',
    'failure.backup_not_written':
      'Il backup in {file} non è stato scritto. Controlla che la cartella esista e che ci sia spazio.',
    'failure.backup_unreadable':
      '{file} non è un backup intero di Bentornato. Non è cambiato niente: prova con un’altra copia.',
    'failure.backup_newer':
      'Questo backup è di una versione più nuova di Bentornato. Aggiorna il programma, poi ripristinalo.',
    'failure.backup_other_key':
      'Questo backup è nato con un’altra chiave. Copia nella cartella dei dati il file secret.key che stava insieme ai dati di allora, poi riprova.',
    'failure.restore_not_empty':
      'Qui c’è già un negozio: il ripristino non lo sovrascrive. Usa una cartella dei dati nuova, con --data.',
    'doctor.database': 'Database',
    'doctor.database_ok': 'PostgreSQL {version}, struttura {migration}, {size}',
    'doctor.disk': 'Disco',
    'doctor.disk_ok': '{free} liberi in {folder}',
    'doctor.disk_low': 'Restano {free} in {folder}',
    'doctor.disk_advice': 'Libera spazio: senza, le vendite non entrano e i backup non si fanno.',
    'doctor.key': 'Chiave',
    'doctor.key_ok': 'solo il programma la legge',
    'doctor.key_open': 'altri su questo computer possono leggerla',
    'doctor.key_advice': 'Togli i permessi agli altri: chmod 600 {path}',
    'doctor.links': 'Vendite e clienti',
    'doctor.links_ok': 'ogni vendita ha il suo cliente, il suo articolo e la sua categoria',
    'doctor.links_broken': '{count} righe di vendita o orologi senza cliente, articolo o categoria',
    'doctor.links_advice': 'Ripristina l’ultimo backup e scrivi a chi sviluppa il programma.',
    'doctor.consents': 'Consensi',
    'doctor.consents_ok': 'lo stato di ognuno è quello del registro',
    'doctor.consents_broken': '{count} stati diversi dal registro',
    'doctor.consents_advice':
      'Non approvare messaggi. Ripristina l’ultimo backup e scrivi a chi sviluppa il programma.',
    'doctor.mail': 'Posta',
    'doctor.mail_ok': 'il server di posta risponde e ti riconosce',
    'doctor.mail_missing': 'nessun server di posta',
    'doctor.mail_advice': 'Scrivilo in Impostazioni, La posta.',
    'doctor.pages': 'Pagine dei clienti',
    'doctor.ticks': 'Lavori automatici',
    'doctor.ticks_ok': 'l’ultimo {when}',
    'doctor.ticks_none': 'nessuno finora',
    'doctor.ticks_stuck': '{name} è cominciato {when} e non è finito',
    'doctor.ticks_advice': 'Tieni acceso il programma: ricomincia da solo entro un quarto d’ora.',
    'doctor.messages': 'Messaggi',
    'doctor.messages_ok': 'nessuno di esito incerto',
    'doctor.messages_unknown': '{count} di esito incerto',
    'doctor.messages_advice': 'Li trovi in Oggi: chiedi al cliente se è arrivato, non rimandarli alla cieca.',
  },
  en: {
    'failure.embedded_server_missing':
      'The database for this computer ({platform}) is missing. Try npm ci again; if that is not enough, use a PostgreSQL of your own with DATABASE_URL.',
    'failure.data_folder_unusable':
      'The data folder {folder} cannot be written to. Check its permissions, or choose another with BENTORNATO_DATA.',
    'failure.data_folder_unreachable':
      'The database, which does not run as administrator, cannot reach the folder {folder}. Choose one outside the private folder, such as BENTORNATO_DATA=/var/lib/bentornato.',
    'failure.database_did_not_start':
      'The database did not start. The data is still in {folder}. It said: {detail}',
    'failure.disk_full':
      'The disk is full. What was saved is safe, the last operation is not: make room and repeat it.',
    'failure.database_newer':
      'This data is of a newer version of Bentornato. Update the program, then start again: the data was not touched.',
    'failure.migration_changed':
      'The structure of the data ({name}) is not that of this version. Use the program that made it, make a backup and restore it here.',
    'failure.database_unreachable':
      'The database does not answer. If you use DATABASE_URL, check that the server runs and that address and port are right. Saved data is safe.',
    'failure.database_busy':
      'All connections of the database are in use. Try again in a minute; if it happens often, raise max_connections on the server.',
    'failure.database_sign_in':
      'The database does not accept the name and password in DATABASE_URL. Correct them and start again.',
    'failure.database_missing':
      'The database named in DATABASE_URL does not exist yet. Create it (createdb) and start again.',
    'failure.database_forbidden':
      'The database user may not create tables. Give it the rights on its database and start again.',
    'failure.database_url_wrong':
      'DATABASE_URL is not an address of PostgreSQL. Write it like this: postgresql://user:password@localhost:5432/bentornato',
    'failure.database_too_old':
      'This PostgreSQL is version {version}: 15 or newer is needed. Without DATABASE_URL Bentornato uses its own.',
    'failure.mapping_unreadable': 'The file {file} is not readable JSON. Check it and try again.',
    'failure.backup_not_written':
      'The backup in {file} was not written. Check that the folder exists and that there is room.',
    'failure.backup_unreadable':
      '{file} is not a whole backup of Bentornato. Nothing has changed: try another copy.',
    'failure.backup_newer':
      'This backup is of a newer version of Bentornato. Update the program, then restore it.',
    'failure.backup_other_key':
      'This backup was made with another key. Copy the file secret.key that stood with that data into the data folder, then try again.',
    'failure.restore_not_empty':
      'There is a shop here already: a restore does not overwrite it. Use a new data folder, with --data.',
    'doctor.database': 'Database',
    'doctor.database_ok': 'PostgreSQL {version}, structure {migration}, {size}',
    'doctor.disk': 'Disk',
    'doctor.disk_ok': '{free} free in {folder}',
    'doctor.disk_low': '{free} left in {folder}',
    'doctor.disk_advice': 'Make room: without it sales do not come in and backups are not made.',
    'doctor.key': 'Key',
    'doctor.key_ok': 'only the program reads it',
    'doctor.key_open': 'others on this computer can read it',
    'doctor.key_advice': 'Take the rights of others away: chmod 600 {path}',
    'doctor.links': 'Sales and customers',
    'doctor.links_ok': 'every sale has its customer, its item and its category',
    'doctor.links_broken': '{count} rows of sale or clocks without customer, item or category',
    'doctor.links_advice': 'Restore the last backup and write to the developers.',
    'doctor.consents': 'Consents',
    'doctor.consents_ok': 'everybody’s state is that of the ledger',
    'doctor.consents_broken': '{count} states differ from the ledger',
    'doctor.consents_advice': 'Approve no messages. Restore the last backup and write to the developers.',
    'doctor.mail': 'Mail',
    'doctor.mail_ok': 'the mail server answers and knows you',
    'doctor.mail_missing': 'no mail server',
    'doctor.mail_advice': 'Write it in Settings, Mail.',
    'doctor.pages': 'Customers’ pages',
    'doctor.ticks': 'Automatic work',
    'doctor.ticks_ok': 'the last {when}',
    'doctor.ticks_none': 'none so far',
    'doctor.ticks_stuck': '{name} began {when} and has not ended',
    'doctor.ticks_advice': 'Keep the program running: it starts again by itself within a quarter of an hour.',
    'doctor.messages': 'Messages',
    'doctor.messages_ok': 'none of uncertain outcome',
    'doctor.messages_unknown': '{count} of uncertain outcome',
    'doctor.messages_advice':
      'They stand in Today: ask the customer whether it arrived, do not send blindly again.',
  },
};
