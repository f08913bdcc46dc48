/* SPDX-License-Identifier: MIT
 * Codes with check digits, phone numbers, countries and currencies. */
#include "transform_fixture.h"

static const struct transform_case cases[] = {
    {"code.gtin", "'96385074'", "'96385074'", NULL},
    {"code.gtin", "'036000-291452'", "'036000291452'", NULL},
    {"code.gtin", "'10614141000415'", "'10614141000415'", NULL},
    {"code.gtin:14", "'4006381333931'", "'04006381333931'", NULL},
    {"code.gtin:8", "'0000096385074'", "'96385074'", NULL},
    {"code.gtin:8", "'4006381333931'", NULL, "has more than 8 digits"},
    {"code.gtin:9", "'4006381333931'", NULL, "length"},
    {"code.gtin", "'400638133393'", NULL, "check digit"},
    {"code.gtin", "'12345'", NULL, "no GTIN or EAN"},
    {"code.gtin", "'40063813339X1'", NULL, "no GTIN or EAN"},
    {"code.gtin", "' '", "null", NULL},
    {"code.gtin-make", "'9638507'", "'96385074'", NULL},
    {"code.gtin-make:13", "'03600029145'", "'0036000291452'", NULL},
    {"code.gtin-make", "'4006381333931'", "'40063813339314'", NULL},
    {"code.gtin-make", "'123456'", NULL, "without its check digit"},
    {"code.isbn", "'080442957x'", "'9780804429573'", NULL},
    {"code.isbn", "'979-10-90636-07-1'", "'9791090636071'", NULL},
    {"code.isbn", "'4006381333931'", NULL, "no ISBN"},
    {"code.iban:print", "'MT84MALT011000012345MTLCAST001S'",
     "'MT84 MALT 0110 0001 2345 MTLC AST0 01S'", NULL},
    {"code.iban", "'DE89-3704-0044-0532-0130-00'", "'DE89370400440532013000'", NULL},
    {"code.iban", "'NL91ABNA041716430'", NULL, "length of an IBAN of its country"},
    {"code.iban", "'417164300'", NULL, "it is no IBAN"},
    {"code.iban", "'!'", NULL, "it is no IBAN"},
    {"code.iban", "'-'", NULL, "it is no IBAN"},
    {"code.phone", "'0612345678'", "'+31612345678'", NULL},
    {"code.phone", "'+31 (0)6 1234 5678'", "'+31612345678'", NULL},
    {"code.phone", "'+31 06 1234 5678'", "'+31612345678'", NULL},
    {"code.phone", "'0031-20-1234567'", "'+31201234567'", NULL},
    {"code.phone", "'(020) 123 45 67'", "'+31201234567'", NULL},
    {"code.phone", "'0800-1234'", "'+318001234'", NULL},
    {"code.phone", "'0970 1234 5678'", "'+3197012345678'", NULL},
    {"code.phone", "'+31 0012345678'", NULL, "a 0 too many"},
    {"code.phone", "'0970 1234 567'", NULL, "has 11 digits behind +31, and this one has 10"},
    {"code.phone", "'06123456789'", NULL, "has 9 digits behind +31, and this one has 10"},
    {"code.phone", "'31612345678'", NULL, "neither with 0, as within NL"},
    {"code.phone:BE", "'0470 12 34 56'", "'+32470123456'", NULL},
    {"code.phone:BE", "'02/123.45.67'", "'+3221234567'", NULL},
    {"code.phone:DE", "'030 / 90 18 20'", "'+4930901820'", NULL},
    {"code.phone:IT", "'06 698 12345'", "'+390669812345'", NULL},
    {"code.phone:ES", "'612 34 56 78'", "'+34612345678'", NULL},
    {"code.phone:HU", "'06 1 234 5678'", "'+3612345678'", NULL},
    {"code.phone:HU", "'01 234 5678'", NULL, "neither with 06"},
    {"code.phone:US", "'(212) 555-0123'", "'+12125550123'", NULL},
    {"code.phone:US", "'011 31 20 1234567'", "'+31201234567'", NULL},
    {"code.phone:GB", "'020 7946 0018'", "'+442079460018'", NULL},
    {"code.phone", "'FR|01 23 45 67 89'", "'+33123456789'", NULL},
    {"code.phone", "'Atlantis|1'", NULL, "unknown country"},
    {"code.phone:JP", "'03 1234 5678'", NULL, "how phone numbers are dialled in JP is not known"},
    {"code.phone:JP", "'+81 3 1234 5678'", "'+81312345678'", NULL},
    {"code.phone", "'+999 1234567'", NULL, "no country has the code"},
    {"code.phone", "'+81 3'", NULL, "8 to 15 digits"},
    {"code.phone", "'020-1234567 tst 5'", NULL, "an extension has no place in it"},
    {"code.phone", "'+'", NULL, "no digit"},
    {"code.phone", "'020-1234567 / 06-12345678 / 0031201234567'", NULL, "too long"},
    {"code.phone", "'０６１２３４５６７８'", "'+31612345678'", NULL},
    {"code.country-code:alpha-3", "'Kosovo'", "'XKX'", NULL},
    {"code.country-code:numeric", "'Kosovo'", NULL, "country XK has no numeric code"},
    {"code.country-code", "'276'", "'DE'", NULL},
    {"code.country-code:numeric", "'at'", "'040'", NULL},
    {"code.country-name", "'GBR'", "'Verenigd Koninkrijk'", NULL},
    {"code.country-name:fr", "'GBR'", NULL, "language"},
    {"code.currency-code", "'978'", "'EUR'", NULL},
    {"code.currency-code", "'us dollar'", "'USD'", NULL},
    {"code.currency-code:numeric", "'all'", "'008'", NULL},
    {"code.currency-code", "'XAU'", NULL, "unknown currency"},
    {"code.currency-name:en", "'GBP'", "'Pound Sterling'", NULL},
    {"code.currency-places", "'KWD'", "3", NULL},
    {"code.currency-places", "978", NULL, "no text"},
};

START_TEST(known_cases)
{
    transform_expect(&cases[_i]);
}
END_TEST

/* What was written is read as the same, and one mistyped digit of a GTIN or an IBAN never passes.
 */
START_TEST(check_digits_find_a_mistyped_digit)
{
    static const uint32_t lengths[] = {7, 11, 12, 13};
    transform_seed();
    for (int i = 0; i < 5000; i++) {
        char digits[16];
        struct koppel_error err = {0};
        uint32_t n = lengths[transform_random(4)];
        for (uint32_t k = 0; k < n; k++)
            digits[k] = (char)('0' + transform_random(10));
        digits[n] = '\0';
        json_t *made = transform_via("code.gtin-make", json_string(digits), &err);
        ck_assert_msg(made != NULL, "%s: %s", digits, err.text);
        json_t *same = transform_via("code.gtin", json_incref(made), &err);
        ck_assert_msg(json_equal(same, made), "%s: %s", digits, err.text);
        json_decref(same);
        snprintf(digits, sizeof digits, "%s", json_string_value(made));
        uint32_t at = transform_random(n + 1);
        digits[at] = (char)('0' + (digits[at] - '0' + 1 + (int)transform_random(9)) % 10);
        ck_assert_ptr_null(transform_via("code.gtin", json_string(digits), &err));
        json_decref(made);
    }
}
END_TEST

START_TEST(a_phone_number_stays_what_it_is)
{
    static const char *const countries[] = {"NL", "BE", "DE", "FR", "IT", "GB", "US", "HU", "JP"};
    transform_seed();
    int taken = 0;
    for (int i = 0; i < 20000; i++) {
        char digits[20] = "+";
        struct koppel_error err = {0};
        json_t *args = json_pack("[s]", countries[transform_random(9)]);
        uint32_t n = 4 + transform_random(11), plus = transform_random(2);
        for (uint32_t k = 0; k < n; k++)
            digits[plus + k] = (char)('0' + transform_random(10));
        digits[plus + n] = '\0';
        json_t *number = transform_call("code.phone", args, json_string(digits), &err);
        if (number) {
            const char *text = json_string_value(number);
            ck_assert_msg(text[0] == '+' && strlen(text) <= 16, "%s: %s", digits, text);
            json_t *again = transform_call("code.phone", args, json_incref(number), &err);
            ck_assert_msg(json_equal(again, number), "%s, then %s", text, err.text);
            json_decref(again);
            taken++;
        } else {
            ck_assert_msg(!strstr(err.text, digits + plus), "repeated: %s", err.text);
        }
        json_decref(number);
        json_decref(args);
    }
    ck_assert_int_gt(taken, 1000);
}
END_TEST

UNIT_MAIN("transform_code")
{
    tcase_add_checked_fixture(t, transform_setup, transform_teardown);
    tcase_set_timeout(t, 60);
    LOOP(known_cases, cases);
    tcase_add_test(t, check_digits_find_a_mistyped_digit);
    tcase_add_test(t, a_phone_number_stays_what_it_is);
}
