/* SPDX-License-Identifier: MIT
 * Countries, currencies, VAT numbers, check digits, and the words of Koppel's own. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/check_digit.h"
#include "base/country.h"
#include "base/vat_number.h"
#include "base/words.h"
#include "unit.h"

static void is_country(const char *text, const char *want)
{
    const char *code = country_find(text);
    ck_assert_msg(code && want ? strcmp(code, want) == 0 : code == want, "\"%s\" is %s, not %s",
                  text, code ? code : "unknown", want ? want : "unknown");
}

START_TEST(f15_countries_by_code_and_name)
{
    static const char *const cases[][2] = {{"NL", "NL"},
                                           {"nl", "NL"},
                                           {"NLD", "NL"},
                                           {" Nederland\u00a0", "NL"},
                                           {"Niederlande", "NL"},
                                           {"The Netherlands", "NL"},
                                           {"Holland", "NL"},
                                           {"JP", "JP"},
                                           {"CA", "CA"},
                                           {"AU", "AU"},
                                           {"TR", "TR"},
                                           {"Turkije", "TR"},
                                           {"Türkei", "TR"},
                                           {"Turkey", "TR"},
                                           {"LI", "LI"},
                                           {"IS", "IS"},
                                           {"MC", "MC"},
                                           {"CW", "CW"},
                                           {"Curaçao", "CW"},
                                           {"curacao", "CW"},
                                           {"UA", "UA"},
                                           {"ch", "CH"},
                                           {"gb", "GB"},
                                           {"UK", "GB"},
                                           {"U.K.", "GB"},
                                           {"Verenigd Koninkrijk", "GB"},
                                           {"EL", "GR"},
                                           {"el", "GR"},
                                           {"GR", "GR"},
                                           {"Griekenland", "GR"},
                                           {"ΕΛΛΆΔΑ", "GR"},
                                           {"Ελλαδα", "GR"},
                                           {"ČESKO", "CZ"},
                                           {"ČESKÁ REPUBLIKA", "CZ"},
                                           {"Tsjechië", "CZ"},
                                           {"ÖSTERREICH", "AT"},
                                           {"Oesterreich", "AT"},
                                           {"БЪЛГАРИЯ", "BG"},
                                           {"België", "BE"},
                                           {"BELGIE", "BE"},
                                           {"Belgique", "BE"},
                                           {"XI", "XI"},
                                           {"Noord-Ierland", "XI"},
                                           {"Ivoorkust", "CI"},
                                           {"Côte d'Ivoire", "CI"},
                                           {"Zuid-Korea", "KR"},
                                           {"Rusland", "RU"},
                                           {"Verenigde Staten", "US"},
                                           {"U.S.A.", "US"},
                                           {"Taiwan", "TW"},
                                           {"Bolivia", "BO"},
                                           {"Vietnam", "VN"},
                                           {"Moldavië", "MD"},
                                           {"Kosovo", "XK"},
                                           {"Lëtzebuerg", "LU"},
                                           {"Ierland", "IE"},
                                           {"Éire", "IE"},
                                           {"Suriname", "SR"},
                                           {"", NULL},
                                           {" ", NULL},
                                           {"Nederlnad", NULL},
                                           {"ZZ", NULL},
                                           {"-", NULL},
                                           {"Amsterdam", NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        is_country(cases[i][0], cases[i][1]);
    ck_assert_ptr_null(country_find(NULL));
}
END_TEST

START_TEST(f15_what_is_near_is_told)
{
    ck_assert_str_eq(country_nearest("Nederlnad"), "Nederland");
    ck_assert_str_eq(country_nearest("Duitslnd"), "Duitsland");
    ck_assert_str_eq(country_nearest("Germny"), "Germany");
    ck_assert_ptr_null(country_nearest("qqqqqqqq"));
    ck_assert_ptr_null(country_nearest(""));
}
END_TEST

START_TEST(names_and_currencies)
{
    ck_assert_str_eq(country_name("DE", "nl"), "Duitsland");
    ck_assert_str_eq(country_name("DE", "de"), "Deutschland");
    ck_assert_str_eq(country_name("DE", "fr"), "Germany");
    ck_assert_str_eq(country_name("DE", NULL), "Germany");
    ck_assert_ptr_null(country_name("ZZ", "nl"));
    ck_assert_int_eq(country_currency_places("EUR"), 2);
    ck_assert_int_eq(country_currency_places("JPY"), 0);
    ck_assert_int_eq(country_currency_places("KWD"), 3);
    ck_assert_int_eq(country_currency_places("XAU"), -1);
    ck_assert_int_eq(country_currency_places("eur"), -1);
    ck_assert_str_eq(country_vat_prefix("GR"), "EL");
    ck_assert_str_eq(country_vat_prefix("NL"), "NL");
    ck_assert_ptr_null(country_vat_prefix("GB"));
    ck_assert_str_eq(words_find("nl", "discount"), "Korting");
    ck_assert_str_eq(words_find("de", "discount"), "Rabatt");
    ck_assert_str_eq(words_find(NULL, "discount"), "Discount");
    ck_assert_ptr_null(words_find("nl", "nonsense"));
    for (int i = 0; words_name(i); i++)
        ck_assert_ptr_nonnull(words_find("nl", words_name(i)));
}
END_TEST

static void vat_is(const char *text, const char *country, const char *want)
{
    char out[VAT_NUMBER_BYTES] = "", why[VAT_NUMBER_WHY_BYTES] = "";
    enum vat_number_outcome got = vat_number_parse(text, country, out, why);
    ck_assert_msg(got == VAT_NUMBER_OK && strcmp(out, want) == 0, "%s: %s %s", text, out, why);
}

static void vat_fails(const char *text, const char *country, enum vat_number_outcome want,
                      const char *words)
{
    char out[VAT_NUMBER_BYTES], why[VAT_NUMBER_WHY_BYTES] = "";
    ck_assert_int_eq(vat_number_parse(text, country, out, why), want);
    ck_assert_msg(strstr(why, words) != NULL, "%s: %s", text, why);
}

START_TEST(f15_vat_numbers)
{
    vat_is("NL123456789B01", "NL", "NL123456789B01");
    vat_is("nl 1234.56.789.b.01", "NL", "NL123456789B01");
    vat_is("NL\u00a0123456789\u200bB01", "", "NL123456789B01");
    vat_is("123456789B01", "NL", "NL123456789B01");
    vat_is("GR094019245", "GR", "EL094019245");
    vat_is("EL 094019245", "GR", "EL094019245");
    vat_is("094019245", "GR", "EL094019245");
    vat_is("BE 0123.456.749", NULL, "BE0123456749");
    vat_is("BE-0123/456/749", NULL, "BE0123456749");
    vat_is("XI123456789", "GB", "XI123456789");
    vat_is("XIGD123", "XI", "XIGD123");
    vat_is("IE1+23456A", "IE", "IE1+23456A");
    vat_is("IE1234567FA", "IE", "IE1234567FA");
    vat_is("ＤＥ１２３４５６７８９", "DE", "DE123456789");
    vat_is("DE123456789", "NL", "DE123456789");
    vat_fails("NL12345678B01", "NL", VAT_NUMBER_WRONG, "NL");
    vat_fails("12", "NL", VAT_NUMBER_WRONG, "VAT number of NL");
    vat_is("CHE-123.456.788 MWST", "CH", "CHE123456788MWST");
    vat_is("923 609 016 MVA", "NO", "NO923609016MVA");
    vat_is("GB 980 7806 84", NULL, "GB980780684");
    vat_fails("US123456789", "US", VAT_NUMBER_UNKNOWN, "EU");
    vat_fails("NL123456789012345678901234567890", "NL", VAT_NUMBER_WRONG, "NL");
    vat_fails(" \u00a0", "NL", VAT_NUMBER_NONE, "");
    vat_fails("--", "NL", VAT_NUMBER_NONE, "");
}
END_TEST

START_TEST(row30_check_digits_of_barcodes)
{
    char why[CHECK_DIGIT_WHY_BYTES];
    ck_assert_int_eq(check_digit_barcode("4006381333931", why), 0);
    ck_assert_int_eq(check_digit_barcode(" 4006381 333931 ", why), 0);
    ck_assert_int_eq(check_digit_barcode("036000291452", why), 0);
    ck_assert_int_eq(check_digit_barcode("73513537", why), 0);
    ck_assert_int_eq(check_digit_barcode("10614141000415", why), 0);
    ck_assert_int_eq(check_digit_barcode("4006381333932", why), -1);
    ck_assert_str_eq(why, "\"4006381333932\" is no EAN: its check digit is 2, and it would be 1");
    /* a shop's own codes */
    ck_assert_int_eq(check_digit_barcode("12345", why), 0);
    ck_assert_int_eq(check_digit_barcode("SHOP-00012345", why), 0);
    ck_assert_int_eq(check_digit_barcode("", why), 0);
}
END_TEST

START_TEST(row30_check_digits_of_ibans)
{
    char why[CHECK_DIGIT_WHY_BYTES];
    ck_assert_int_eq(check_digit_iban("NL91ABNA0417164300", why), 0);
    ck_assert_int_eq(check_digit_iban("nl91 abna 0417 1643 00", why), 0);
    ck_assert_int_eq(check_digit_iban("DE89370400440532013000", why), 0);
    ck_assert_int_eq(check_digit_iban("MT84MALT011000012345MTLCAST001S", why), 0);
    ck_assert_int_eq(check_digit_iban("", why), 0);
    ck_assert_int_eq(check_digit_iban("NL92ABNA0417164300", why), -1);
    ck_assert_str_eq(why, "the check digits of the IBAN are wrong");
    ck_assert_int_eq(check_digit_iban("NL91ABNA041716430", why), -1);
    ck_assert_int_eq(check_digit_iban("417164300", why), -1);
    ck_assert_int_eq(check_digit_iban("NL91ABNA04171643000000000000000000000000000000", why), -1);
}
END_TEST

UNIT_MAIN("country")
{
    tcase_add_test(t, f15_countries_by_code_and_name);
    tcase_add_test(t, f15_what_is_near_is_told);
    tcase_add_test(t, names_and_currencies);
    tcase_add_test(t, f15_vat_numbers);
    tcase_add_test(t, row30_check_digits_of_barcodes);
    tcase_add_test(t, row30_check_digits_of_ibans);
}
