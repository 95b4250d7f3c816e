/** Countries and states of addresses, as forms offer them. */

/** ISO 3166-1 alpha-2, with Kosovo. A test compares them with i18n-iso-countries. */
const COUNTRIES =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW';

/** A function, so that bundlers can leave the list out of pages without a form. */
export function countryCodes(): readonly string[] {
  return COUNTRIES.split(' ');
}

/**
 * Countries whose addresses are incomplete without a state, province or the like. Source: the field `require` of
 * google/libaddressinput (2025-06), and Nigeria, whose couriers sort by state.
 */
const WITH_STATE =
  'AE AS AU BR CA CN CO CR ES FM HK HN ID IN IQ IT JM JP KN KR KY MH MP MX NG NR PF PG PW RU SO SV TW UM US VE VI VN';

export function needsState(country: string): boolean {
  return WITH_STATE.split(' ').includes(country);
}

/** The Federal Capital Territory and the 36 states, by their codes of ISO 3166-2:NG. */
export const NIGERIAN_STATES: Readonly<Record<string, string>> = {
  ...{ AB: 'Abia', AD: 'Adamawa', AK: 'Akwa Ibom', AN: 'Anambra', BA: 'Bauchi', BY: 'Bayelsa', BE: 'Benue' },
  ...{ BO: 'Borno', CR: 'Cross River', DE: 'Delta', EB: 'Ebonyi', ED: 'Edo', EK: 'Ekiti', EN: 'Enugu' },
  ...{ FC: 'Federal Capital Territory', GO: 'Gombe', IM: 'Imo', JI: 'Jigawa', KD: 'Kaduna', KN: 'Kano' },
  ...{ KT: 'Katsina', KE: 'Kebbi', KO: 'Kogi', KW: 'Kwara', LA: 'Lagos', NA: 'Nasarawa', NI: 'Niger', OG: 'Ogun' },
  ...{ ON: 'Ondo', OS: 'Osun', OY: 'Oyo', PL: 'Plateau', RI: 'Rivers', SO: 'Sokoto', TA: 'Taraba', YO: 'Yobe' },
  ZA: 'Zamfara',
};

/** The only states that addresses in this country may have; empty where any is taken. */
export function statesOf(country: string): readonly string[] {
  return country === 'NG' ? Object.values(NIGERIAN_STATES) : [];
}
