/** First names are common ones; surnames, streets and the town are invented, addresses end in example.it. */
export const firstNames = [
  'Giulia', 'Anna', 'Teresa', 'Ivana', 'Elena', 'Luisa', 'Rosalba', 'Chiara', 'Sara', 'Paola', 'Marta', 'Laura', 'Silvia', 'Francesca', 'Valentina', 'Lucia',
  'Paolo', 'Marco', 'Luca', 'Andrea', 'Stefano', 'Giorgio', 'Franco', 'Pietro', 'Davide', 'Nicola', 'Enrico', 'Simone', 'Alberto', 'Matteo', 'Niccolò', 'Bruno',
]; // prettier-ignore

export const surnames = [
  'Provetti', 'Esempini', 'Inventati', 'Fintoni', 'Campioni Prova', 'D’Esempio', 'De Prova', 'Modellini', 'Ipotesi', 'Verosimile', 'Figurini', 'Bozzetti', 'Traccia',
  'Schemi', 'Abbozzo', 'Simulanti', 'Ritratti', 'Maschere', 'Favolini', 'Racconti', 'Novelli Finti', 'Sognati', 'Pupazzi', 'Disegni', 'Cartoni',
]; // prettier-ignore

export const streets = [
  'Via dell’Esempio',
  'Via della Prova',
  'Piazza del Modello',
  'Vicolo Inventato',
  'Viale dei Bozzetti',
  'Via Immaginaria',
];

export const town = { city: 'Borgo San Lieto', province: 'XX', postcode: '00000' };

export const consentText =
  'Novità e offerte del negozio: acconsento, con i canali che ho scelto. Consigli in base ai miei acquisti: ho risposto a parte. Posso cambiare idea quando voglio.';

/** What firms among the customers call themselves. */
export const firms = ['Studio', 'Laboratorio', 'Agenzia', 'Officina', 'Associazione'];
