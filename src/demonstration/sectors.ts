/** One thing people buy: how long a pack lasts a typical home, and what it costs. Invented. */
export interface DemonstrationCategory {
  readonly name: string;
  /** Days a pack lasts a home of middle use. */
  readonly packDays: number;
  /** Share of the customers who use it at all. */
  readonly share: number;
  readonly products: readonly { readonly code: string; readonly name: string; readonly cents: number }[];
  /** Use in each month relative to the mean, January first. */
  readonly season: readonly number[];
}

export interface DemonstrationSector {
  readonly shopName: string;
  readonly legalName: string;
  readonly signature: string;
  readonly brandColour: string;
  readonly sectors: readonly string[];
  readonly categories: readonly DemonstrationCategory[];
}

const even = new Array<number>(12).fill(1);
const summerLow = [1.1, 1.1, 1.05, 1, 0.95, 0.85, 0.75, 0.6, 1, 1.1, 1.15, 1.2];
const summerHigh = [0.8, 0.8, 0.9, 1, 1.1, 1.3, 1.4, 1.2, 1, 0.9, 0.8, 0.8];
const seasons = [0.9, 0.7, 1.2, 1.2, 1, 0.9, 1, 0.4, 1.2, 1.3, 1.1, 1.2];

export const demonstrationSectors = {
  coffee: {
    shopName: 'Chicco e Rosa',
    legalName: 'Chicco e Rosa di Marta Provetti',
    signature: 'Marta',
    brandColour: '#1e5245',
    sectors: ['coffee', 'cosmetics'],
    categories: [
      { name: 'Capsule', packDays: 31, share: 0.7, season: summerLow, products: [
        { code: 'CAP100A', name: 'Capsule Aroma pieno x100', cents: 1990 }, { code: 'CAP100D', name: 'Capsule Dolce x100', cents: 2090 }, { code: 'CAP100K', name: 'Capsule Deca x100', cents: 2290 } ] },
      { name: 'Caffè macinato', packDays: 22, share: 0.25, season: summerLow, products: [{ code: 'MAC250', name: 'Caffè macinato 250 g', cents: 690 }, { code: 'MAC500', name: 'Caffè macinato 500 g', cents: 1290 }] },
      { name: 'Decalcificante', packDays: 130, share: 0.2, season: even, products: [{ code: 'DECAL', name: 'Decalcificante 2 dosi', cents: 890 }] },
      { name: 'Crema viso', packDays: 85, share: 0.35, season: even, products: [{ code: 'CRV50', name: 'Crema viso all’olivo 50 ml', cents: 3490 }, { code: 'CRN50', name: 'Crema notte 50 ml', cents: 3890 }] },
      { name: 'Detergente viso', packDays: 70, share: 0.25, season: summerHigh, products: [{ code: 'DET200', name: 'Detergente delicato 200 ml', cents: 1590 }] },
    ],
  },
  cosmetics: {
    shopName: 'Rosa di Maggio',
    legalName: 'Rosa di Maggio di Piera Esempini',
    signature: 'Piera',
    brandColour: '#813b57',
    sectors: ['cosmetics'],
    categories: [
      { name: 'Crema viso', packDays: 85, share: 0.6, season: even, products: [{ code: 'CRV50', name: 'Crema viso idratante 50 ml', cents: 3490 }, { code: 'CRA50', name: 'Crema viso antietà 50 ml', cents: 5490 }] },
      { name: 'Siero', packDays: 70, share: 0.3, season: even, products: [{ code: 'SIE30', name: 'Siero viso 30 ml', cents: 4290 }] },
      { name: 'Detergente viso', packDays: 70, share: 0.45, season: summerHigh, products: [{ code: 'DET200', name: 'Detergente delicato 200 ml', cents: 1590 }] },
      { name: 'Shampoo', packDays: 45, share: 0.4, season: even, products: [{ code: 'SHA250', name: 'Shampoo 250 ml', cents: 1290 }] },
      { name: 'Mascara', packDays: 100, share: 0.3, season: even, products: [{ code: 'MASC', name: 'Mascara volume', cents: 2190 }] },
    ],
  },
  clothing: {
    shopName: 'Ortensi abbigliamento',
    legalName: 'Ortensi di Piero Provetti',
    signature: 'Piero',
    brandColour: '#274f6a',
    sectors: ['clothing'],
    categories: [
      { name: 'Camicie', packDays: 120, share: 0.5, season: seasons, products: [{ code: 'CAM1', name: 'Camicia cotone', cents: 5900 }, { code: 'CAM2', name: 'Camicia lino', cents: 7900 }] },
      { name: 'Pantaloni', packDays: 130, share: 0.5, season: seasons, products: [{ code: 'PAN1', name: 'Pantalone', cents: 7900 }] },
      { name: 'Maglieria', packDays: 150, share: 0.4, season: seasons, products: [{ code: 'MAG1', name: 'Maglia lana', cents: 8900 }, { code: 'MAG2', name: 'Cardigan', cents: 9900 }] },
      { name: 'Intimo', packDays: 90, share: 0.35, season: even, products: [{ code: 'INT1', name: 'Confezione intimo x3', cents: 2490 }] },
    ],
  },
} satisfies Record<string, DemonstrationSector>; // prettier-ignore

export type SectorName = keyof typeof demonstrationSectors;
