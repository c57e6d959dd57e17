/** The countries of ISO 3166-1 (and XK, AC, TA, which have telephones of their own), named by the browser in the person's language. */

const CODES =
  'AC AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ ' +
  'CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR ' +
  'GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP ' +
  'KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT ' +
  'MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW ' +
  'SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG ' +
  'UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW';

/** Nobody has a telephone there that a number plan of its own would reach. */
const WITHOUT_TELEPHONES = new Set(['AQ', 'BV', 'GS', 'HM', 'PN', 'TF', 'UM']);

export interface Country {
  readonly code: string;
  readonly name: string;
}

/** Every country with telephones, in the order of its name. */
export function countries(language: string): readonly Country[] {
  const names = new Intl.DisplayNames([language, 'en'], { type: 'region' });
  return CODES.split(' ')
    .filter((code) => !WITHOUT_TELEPHONES.has(code))
    .map((code) => ({ code, name: names.of(code) ?? code }))
    .sort((a, b) => a.name.localeCompare(b.name, language));
}

/** The country's name, or its code where the browser does not know it. */
export function countryName(code: string, language: string): string {
  try {
    return new Intl.DisplayNames([language, 'en'], { type: 'region' }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** Accents and case never hide a country: `mexico` finds México. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** The countries whose name has the text in it, or whose code it is. */
export function findCountries(all: readonly Country[], text: string): readonly Country[] {
  const sought = plain(text.trim());
  if (sought === '') return all;
  return all.filter((country) => plain(country.name).includes(sought) || country.code.toLowerCase() === sought);
}
